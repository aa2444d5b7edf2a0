import { FolderRegistry } from '../plugins/folder-registry.ts';
import { posixUnavailable } from '../posix/libc.ts';
import type { ServerModel } from './model.ts';

/** The folder models/ is the registry: file name = model name. */
export const models = new FolderRegistry<ServerModel>('model', new URL('./models/', import.meta.url));

/** Why a model can't run on this machine, or undefined when it can. */
export function unavailable({ capabilities }: ServerModel): string | undefined {
  const { platforms, requires = [] } = capabilities;
  if (platforms !== 'all' && !platforms.includes(process.platform)) {
    return `needs ${platforms.join(' or ')}, this is ${process.platform}`;
  }
  return requires.includes('posix') ? posixUnavailable : undefined;
}

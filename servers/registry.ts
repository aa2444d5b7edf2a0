import { FolderRegistry } from '../plugins/folder-registry.ts';
import { ioUringUnavailable } from '../posix/io-uring.ts';
import { posixUnavailable } from '../posix/libc.ts';
import { unknownName } from '../errors/choice.ts';
import { families, type Requirement, type ServerModel } from './model.ts';

/** The folder models/ is the registry: file name = model name. */
export const models = new FolderRegistry<ServerModel>('model', new URL('./models/', import.meta.url));

const ALL = 'all';

/**
 * The models that a person means by names, families and "all"; without any, those that stand for their family.
 * @throws SockbenchError E_UNKNOWN_NAME
 */
export async function chooseModels(words?: readonly string[]): Promise<ServerModel[]> {
  const all = await models.all();
  if (words === undefined) return all.filter(({ representative }) => representative);
  const known = [...all.map(({ name }) => name), ...families, ALL];
  for (const word of words) if (!known.includes(word)) throw unknownName('model', word, known);
  return all.filter(({ name, family }) => [name, family, ALL].some((word) => words.includes(word)));
}

/** Why this machine lacks something, or undefined where it doesn't. */
const obstacles: Record<Requirement, () => string | undefined> = {
  posix: () => posixUnavailable,
  io_uring: ioUringUnavailable,
};

/** Why a model can't run on this machine, or undefined when it can. */
export function unavailable({ capabilities }: ServerModel): string | undefined {
  const { platforms, requires = [] } = capabilities;
  if (platforms !== 'all' && !platforms.includes(process.platform)) {
    return `needs ${platforms.join(' or ')}, this is ${process.platform}`;
  }
  return requires.map((requirement) => obstacles[requirement]()).find((obstacle) => obstacle !== undefined);
}

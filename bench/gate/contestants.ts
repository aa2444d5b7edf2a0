import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { SockbenchError } from '../../errors/sockbench-error.ts';
import type { Capabilities } from '../../servers/model.ts';
import { chooseModels, unavailable } from '../../servers/registry.ts';
import { serviceDefaults } from '../../servers/service.ts';
import { commandSubject } from '../subjects.ts';
import type { Arm, ArmTitle, Contestant } from './arm.ts';

/** Two built trees, each the folder in which the gate was started. */
export interface BuiltTrees {
  base: string;
  head: string;
}

const MANY_CONNECTIONS = 64;

/**
 * Models of sockbench itself, from two trees of it; those that can't run on this machine are left out.
 * @throws SockbenchError E_UNKNOWN_NAME, E_NO_MODELS
 */
export async function modelContestants(trees: BuiltTrees, names: readonly string[] | undefined): Promise<Contestant[]> {
  for (const [title, tree] of Object.entries(trees)) {
    if (existsSync(join(tree, SERVER_ENTRY))) continue;
    throw new SockbenchError(
      'E_NO_MODELS',
      `expected ${title} to be a tree of sockbench with compiled models, got no ${SERVER_ENTRY}`,
      {
        remedy: "in another repository name its server: --server 'node server.js --port {port}'",
      },
    );
  }
  const models = (await chooseModels(names)).filter((model) => unavailable(model) === undefined);
  return models.map((model) => ({
    name: model.name,
    ...(!hasModel(trees.base, model.name) && { notInBase: `base has no servers/models/${model.name}.ts` }),
    base: modelArm('base', trees.base, model.name),
    head: modelArm('head', trees.head, model.name),
    connections: connectionsOf(model),
  }));
}

/** Anybody's server, which the same command starts in both trees. */
export function commandContestants(trees: BuiltTrees, commands: readonly string[], connections = MANY_CONNECTIONS): Contestant[] {
  return commands.map((text) => {
    const subject = commandSubject(/^[\w.-]+=/.test(text) ? text : `server=${text}`);
    const arm = (title: 'base' | 'head'): Arm => ({ title, cwd: trees[title], command: () => subject.command({}) });
    return { name: subject.name, base: arm('base'), head: arm('head'), connections };
  });
}

const SERVER_ENTRY = 'dist/servers/main.js';

export function modelArm(title: ArmTitle, tree: string, model: string, burnNs = 0): Arm {
  const burn = burnNs === 0 ? {} : { burnNs };
  return {
    title,
    cwd: tree,
    command: async (service) => [process.execPath, join(tree, SERVER_ENTRY), JSON.stringify({ ...service, ...burn, model })],
  };
}

const hasModel = (tree: string, name: string): boolean => existsSync(join(tree, 'dist', 'servers', 'models', `${name}.js`));

export function connectionsOf({ capabilities }: { capabilities: Pick<Capabilities, 'connections'> }): number {
  const { connections } = capabilities;
  return connections === 'one' ? 1 : connections === 'bounded' ? serviceDefaults.workers : MANY_CONNECTIONS;
}

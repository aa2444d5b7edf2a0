import { fileURLToPath } from 'node:url';
import { createServer, type AddressInfo } from 'node:net';
import { parseArgsStringToArgv } from 'string-argv';
import { describeError, SockbenchError } from '../errors/sockbench-error.ts';
import { nodeBinary } from './node-binary.ts';
import { references, type Prepared, type Reference } from '../servers/reference.ts';
import { chooseModels, unavailable } from '../servers/registry.ts';
import type { Capabilities, Family, ServerModel } from '../servers/model.ts';
import type { ServiceSpec } from '../servers/service.ts';

/** Something to measure: a model, a reference, or anybody's server. */
export interface Subject {
  readonly name: string;
  readonly kind: 'model' | 'reference' | 'command';
  /** Of a model. */
  readonly family?: Family;
  readonly capabilities?: Pick<Capabilities, 'connections' | 'parallel'>;
  /** It has as many threads or processes as it is told to. */
  readonly hasWorkers?: boolean;
  /** Apps that it can run; others than models echo. */
  runs(app: string): boolean;
  /** Why it can't be measured here; found out when it is to be measured, since a compiler may have to be asked. */
  obstacle(): Promise<string | undefined>;
  /** The command that starts a server with these settings. */
  command(service: Partial<ServiceSpec>): Promise<string[]>;
}

/** A model. */
export type ModelSubject = Subject & Required<Pick<Subject, 'capabilities'>>;

export const isModel = (subject: Subject): subject is ModelSubject => subject.capabilities !== undefined;

const serverEntry = fileURLToPath(new URL('../servers/main.js', import.meta.url));

export interface Chosen {
  /** Names, families or "all"; those that stand for their families when left out. */
  models?: string[] | undefined;
  /** "name=command --port {port}" */
  servers?: string[] | undefined;
  references: boolean;
  /** With which versions of Node, or which binaries, models are started, each by itself; with this one when left out. */
  nodes?: string[] | undefined;
}

/** @throws SockbenchError E_UNKNOWN_NAME, E_OPTION, E_NODE */
export async function chooseSubjects({ models, servers = [], references: wanted, nodes }: Chosen): Promise<Subject[]> {
  const [chosenModels, chosenReferences] = await Promise.all([chooseModels(models), wanted ? references.all() : []]);
  const starters = nodes?.map(nodeBinary).map(({ version, path }) => ({ suffix: ` on ${version}`, path })) ?? [ownNode];
  const modelSubjects = starters.flatMap((starter) => chosenModels.map((model) => modelSubject(model, starter)));
  return [...modelSubjects, ...chosenReferences.map(referenceSubject), ...servers.map(commandSubject)];
}

/** What starts a model, and what is said of that behind its name. */
const ownNode = { path: process.execPath, suffix: '' };

function modelSubject(model: ServerModel, { path, suffix }: typeof ownNode): Subject {
  return {
    name: `${model.name}${suffix}`,
    kind: 'model',
    family: model.family,
    capabilities: { connections: model.capabilities.connections, parallel: model.capabilities.parallel },
    hasWorkers: hasWorkers(model),
    runs: () => true,
    obstacle: async () => unavailable(model),
    command: async (service) => [path, serverEntry, JSON.stringify({ ...service, model: model.name })],
  };
}

/** Of service.workers, by what can be seen of the model from outside. */
const hasWorkers = ({ evidence: { servedBy, handledBy } }: ServerModel): boolean =>
  servedBy === 'N threads' || servedBy === 'N processes' || handledBy === 'other threads';

function referenceSubject(reference: Reference): Subject {
  let preparing: Promise<Prepared> | undefined;
  const prepared = (): Promise<Prepared> => (preparing ??= reference.prepare());
  return {
    name: reference.name,
    kind: 'reference',
    runs: echoes,
    async obstacle() {
      const outcome = await prepared();
      return outcome.state === 'absent' ? outcome.reason : undefined;
    },
    async command() {
      const outcome = await prepared();
      return outcome.state === 'ready' ? [...outcome.command, '0'] : [];
    },
  };
}

const PORT = '{port}';

/** "name=command": the command is split into words as a shell would, and run without one. */
export function commandSubject(text: string): Subject {
  const [, name, command] = /^([\w.-]+)=(.+)$/s.exec(text) ?? [];
  const words = parseArgsStringToArgv(command ?? '');
  if (name === undefined || words.length === 0) {
    throw new SockbenchError('E_OPTION', `--server: expected NAME=COMMAND, got ${JSON.stringify(text)}`, {
      remedy: `--server 'mine=python3 server.py --port ${PORT}'`,
    });
  }
  return {
    name,
    kind: 'command',
    runs: echoes,
    obstacle: async () => undefined,
    async command() {
      if (!words.some((word) => word.includes(PORT))) return words;
      const port = String(await freePort());
      return words.map((word) => word.replaceAll(PORT, port));
    },
  };
}

const echoes = (app: string): boolean => app === 'echo';

/** So often a server is started whose port, free when it was chosen, is taken when it binds it; each time the port is another. */
const STARTS = 3;

/** Again, as often as that, where somebody else had the port by then, going by the server's last words. */
export async function startingAgain<Started>(start: () => Promise<Started>): Promise<Started> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await start();
    } catch (error) {
      if (attempt === STARTS || !/EADDRINUSE|address already in use/i.test(describeError(error))) throw error;
    }
  }
}

/** A port that nobody listened on a moment ago. Whoever binds it may come too late: see `startingAgain`. */
async function freePort(): Promise<number> {
  const server = createServer();
  const { port } = await new Promise<AddressInfo>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve(server.address() as AddressInfo));
  });
  await new Promise((resolve) => server.close(resolve));
  return port;
}

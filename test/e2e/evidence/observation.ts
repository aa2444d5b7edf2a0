import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { byName } from '../../../framing/framing.ts';
import type { ServerModel } from '../../../servers/model.ts';
import { TestClient } from '../client.ts';
import { eventually } from '../eventually.ts';
import { listeningSockets } from '../kernel-sockets.ts';
import { ownHost, ServerProcess } from '../server-process.ts';
import { serversIn } from './calls.ts';
import { atRest, type Rest } from './rest.ts';
import { readCalls, tracedTo } from './strace.ts';
import type { SystemCall } from './system-call.ts';

/** Not the default, so that it shows whether the setting arrives. */
export const WORKERS = 3;
export const MESSAGES = 10;
const CONNECTIONS = 8;

/** What a message costs to handle: so much that it shows in CPU time who does. */
const WORK = 20_000;
const SIZE_BYTES = 64;

/** A server's threads as seen from outside: at rest, and in what they did in between. */
export interface Observation {
  /** Nobody has connected yet. */
  readonly idle: Rest;
  /** One client has had one reply. */
  readonly greeted: Rest;
  /** The same one has had `MESSAGES` more, each sent when the server slept. */
  readonly talked: Rest;
  /** CONNECTIONS or more are connected; `served` of them, as many as there are seats, have had a reply. */
  readonly crowded: Rest;
  readonly served: number;
  readonly listeners: number;
  readonly calls: readonly SystemCall[];
}

/** Runs a server of the model under strace, with clients. */
export async function observe(model: ServerModel): Promise<Observation> {
  const folder = mkdtempSync(join(tmpdir(), 'sockbench-trace-'));
  const trace = join(folder, 'strace');
  const spec = { model: model.name, app: 'hash', framing: 'line', work: WORK, workers: WORKERS, host: ownHost() };
  const server = new ServerProcess(spec, { under: tracedTo(trace) });
  const clients: TestClient[] = [];
  try {
    await server.listening();
    const moments = await watch(model, server, clients, trace);
    process.kill(server.ready.pid, 'SIGTERM');
    await server.exited;
    return { ...moments, calls: readCalls(trace) };
  } finally {
    for (const client of clients) client.destroy();
    await server.kill();
    rmSync(folder, { recursive: true });
  }
}

async function watch(
  { capabilities, evidence }: ServerModel,
  { ready }: ServerProcess,
  clients: TestClient[],
  trace: string,
): Promise<Omit<Observation, 'calls'>> {
  const seats = { one: 1, bounded: WORKERS, many: Infinity }[capabilities.connections];
  const connect = async (): Promise<void> => {
    const client = await TestClient.connect(ready, { framing: byName('line'), sizeBytes: SIZE_BYTES });
    if (clients.push(client) <= seats) await talk(client);
  };
  const idle = await atRest(ready.pid);
  await connect();
  const greeted = await atRest(ready.pid);
  let talked = greeted;
  for (let message = 0; message < MESSAGES; message += 1) {
    await talk(clients[0]!);
    talked = await atRest(ready.pid);
  }
  while (clients.length < CONNECTIONS) await connect();
  await eventually('more than one serves, where there are several', async () => {
    if (!evidence.servedBy.startsWith('N ') || serversIn(readCalls(trace)).length > 1) return true;
    await connect(); // who gets a connection may be chance
    return false;
  });
  const crowded = await atRest(ready.pid);
  return { idle, greeted, talked, crowded, served: Math.min(clients.length, seats), listeners: listeningSockets(ready) };
}

/** A message and its reply. */
async function talk(client: TestClient): Promise<void> {
  await client.send(client.compose(1));
  await client.receive(1);
}

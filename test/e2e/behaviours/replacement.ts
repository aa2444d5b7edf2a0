import { expect } from 'vitest';
import type { Behaviour, Combination } from '../behaviour.ts';
import type { TestClient } from '../client.ts';
import { eventually } from '../eventually.ts';
import { isGone, withoutProc, type ProcessIdentity } from '../process-tree.ts';
import { withoutSignals } from '../signals.ts';
import type { ServerProcess } from '../server-process.ts';

const STUBBORN_DRAIN_MS = 50;

/** Where each client has a process to itself. What the processes talk about is their own affair. */
const onePerProcess = ({ model, app, framing }: Combination): boolean =>
  model.family === 'process' && app.name === 'echo' && framing === 'length';

/** Where a thread beside the main one serves, in the same process. */
const inThreads = ({ model: { capabilities, evidence }, app, framing }: Combination): boolean =>
  capabilities.requires !== undefined && !evidence.servedBy.includes('process') && app.name === 'echo' && framing === 'length';

/** Where another process serves. */
const inProcesses = ({ model: { evidence }, app, framing }: Combination): boolean =>
  evidence.servedBy.includes('process') && app.name === 'echo' && framing === 'length';

/** Where messages are handled in other threads than they come to. */
const inPool = ({ model: { evidence }, app, framing }: Combination): boolean =>
  evidence.handledBy === 'other threads' && app.name === 'echo' && framing === 'length';

/** On this, whoever of the server receives it fails. */
const FATAL = 'what makes a thread fail';
const failing = `--import=${new URL('../../../dist/test/e2e/failing-thread.js', import.meta.url).href}`;
const under = ['env', `FATAL=${FATAL}`, `NODE_OPTIONS=${failing}`];

/** What the end of one of its processes or threads means to a server. */
export const replacement: Behaviour[] = [
  {
    sentence: 'loses one client with a process that is killed, serves the other on, and a new one in its place',
    appliesTo: onePerProcess,
    obstacle: withoutProc,
    async check(subject) {
      const server = await subject.start();
      const clients = [await subject.served(server), await subject.served(server)];
      await killOne(server);
      const lost = await Promise.race(clients.map((client) => client.dropped().then(() => client)));
      const other = clients.find((client) => client !== lost)!;
      await subject.exchange(other);
      await subject.served(server);
      await subject.exchange(other);
    },
  },
  {
    sentence: 'serves as many clients as before after an idle process was killed',
    appliesTo: onePerProcess,
    obstacle: withoutProc,
    async check(subject) {
      const server = await subject.start();
      await server.rests();
      if (server.tree().length > 1) await killOne(server);
      const [one, other] = [await subject.served(server), await subject.served(server)];
      await subject.exchange(one);
      await subject.exchange(other);
    },
  },
  {
    sentence: 'ends when a thread of it fails, says why, and leaves no client waiting',
    appliesTo: inThreads,
    obstacle: withoutSignals,
    async check(subject) {
      const server = await subject.start({ under, drainMs: STUBBORN_DRAIN_MS });
      const clients = [await subject.served(server), await subject.connect(server)];
      await provoke(clients[0]!);
      await clients[1]!.dropped();
      expect(await server.exited).toEqual({ code: 70, signal: null });
      expect(server.stderr).toMatch(/^a thread has failed, and its process ends: Error: a bug of ours\n/);
    },
  },
  {
    sentence: 'loses a client with the process that fails on its message, and serves others when it has noticed',
    appliesTo: inProcesses,
    obstacle: withoutProc,
    async check(subject) {
      const server = await subject.start({ under });
      const client = await subject.served(server);
      const before = server.tree();
      await provoke(client);
      await eventually('the server has noticed', () => {
        const now = new Set(server.tree().map(({ pid }) => pid));
        return before.some(({ pid }) => !now.has(pid));
      });
      const others = [await subject.served(server), await subject.served(server)];
      for (const other of others) await subject.exchange(other);
    },
  },
  {
    sentence: 'loses a client with the thread of a pool that fails on its message, and serves others in its place',
    appliesTo: inPool,
    obstacle: withoutSignals,
    async check(subject) {
      const server = await subject.start({ under });
      const client = await subject.served(server);
      await provoke(client);
      const others = [await subject.newcomerServed(server), await subject.newcomerServed(server)];
      for (const other of others) await subject.exchange(other);
    },
  },
];

/** Makes whoever serves the client fail, and waits for the end of its connection. */
async function provoke(client: TestClient): Promise<void> {
  await client.send([Buffer.from(FATAL)]);
  await client.dropped();
}

/** Kills one of the processes that the first has made. */
async function killOne(server: ServerProcess): Promise<void> {
  const [, victim] = server.tree() as [ProcessIdentity, ProcessIdentity];
  process.kill(victim.pid, 'SIGKILL');
  await eventually('it is gone', () => isGone(victim));
}

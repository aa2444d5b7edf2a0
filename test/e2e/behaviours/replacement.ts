import type { Behaviour, Combination } from '../behaviour.ts';
import { eventually } from '../eventually.ts';
import { isGone, withoutProc, type ProcessIdentity } from '../process-tree.ts';
import type { ServerProcess } from '../server-process.ts';

/** Where each client has a process to itself. What the processes talk about is their own affair. */
const onePerProcess = ({ model, app, framing }: Combination): boolean =>
  model.family === 'process' && app.name === 'echo' && framing === 'length';

/** What the end of one of its processes means to a server. */
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
];

/** Kills one of the processes that the first has made. */
async function killOne(server: ServerProcess): Promise<void> {
  const [, victim] = server.tree() as [ProcessIdentity, ProcessIdentity];
  process.kill(victim.pid, 'SIGKILL');
  await eventually('it is gone', () => isGone(victim));
}

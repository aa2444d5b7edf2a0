import { expect } from 'vitest';
import { hasEngineEach, type Behaviour, type Combination } from '../behaviour.ts';
import type { TestClient } from '../client.ts';
import { withoutProc } from '../process-tree.ts';
import type { ServerProcess } from '../server-process.ts';
import type { Subject } from '../subject.ts';

/** So many clients come at a time, until not all are served; few, as some models make a process for each, however briefly it stays. */
const GROUP = 8;
const STUBBORN_DRAIN_MS = 50;

/** Resources know nothing of apps and framings. */
const once = ({ app, framing }: Combination): boolean => app.name === 'echo' && framing === 'length';

interface Scarce {
  what: string;
  /** A command that runs the server with little of it. */
  under: readonly string[];
  appliesTo: (combination: Combination) => boolean;
}

const scarce: Scarce[] = [
  // Enough for a process to start with three threads at once, which read the files of their modules, and for some clients.
  { what: 'descriptors run out', under: ['prlimit', '--nofile=128'], appliesTo: once },
  // An engine for each client takes addresses; what others hold for a client is bounded by limits of their own.
  {
    what: 'addresses run out',
    under: ['prlimit', `--as=${6 * 2 ** 30}`],
    appliesTo: (combination) => once(combination) && hasEngineEach(combination.model),
  },
];

/** What a server does that has no descriptor, or no memory to map, left. */
export const exhaustion: Behaviour[] = scarce.flatMap(({ what, under, appliesTo }) => [
  {
    sentence: `serves those it has when ${what}, sleeps meanwhile, and serves others when there is room again`,
    appliesTo,
    obstacle: withoutProc,
    async check(subject) {
      const server = await subject.start({ under });
      const first = await subject.served(server);
      const crowd = await gather(subject, server);
      await subject.exchange(first, first.compose(3));
      if (subject.seats === 1) await first.leave();
      for (const client of crowd) client.destroy();
      await subject.newcomerServed(server);
      if (subject.seats > 1) await subject.exchange(first, first.compose(3));
    },
  },
  {
    sentence: `stops when ${what}`,
    appliesTo,
    obstacle: withoutProc,
    async check(subject) {
      const server = await subject.start({ under, drainMs: STUBBORN_DRAIN_MS });
      await gather(subject, server);
      server.signal('SIGTERM');
      expect(await server.exited).toEqual({ code: 0, signal: null });
    },
  },
]);

/** More clients than can be served, who all want something; those who are not served wait or are refused. */
async function gather(subject: Subject, server: ServerProcess): Promise<TestClient[]> {
  const crowd: TestClient[] = [];
  for (let satisfied = true; satisfied;) {
    const group = await Promise.all(Array.from({ length: GROUP }, () => subject.connect(server, 'stay')));
    await Promise.allSettled(group.map((client) => client.send(client.compose(1))));
    await server.rests();
    satisfied = group.every((client) => client.unread().length > 0);
    crowd.push(...group);
  }
  return crowd;
}

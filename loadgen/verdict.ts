import { availableParallelism } from 'node:os';
import type { LoadResult } from './result.ts';

/** Who had no CPU time left: that side decided how fast it went. `neither`: both waited, e.g. for timers, or for more connections. */
export const verdicts = ['server-limited', 'client-limited', 'both', 'neither', 'unknown'] as const;
export type Verdict = (typeof verdicts)[number];

/** Above this share of its CPU time a side counts as busy all the time. */
export const BUSY = 0.9;
/** CPU times are known to a few ms: of shorter runs nothing can be said. */
const SHORTEST_MS = 100;

/** `unknown` where nobody says how busy the server was, or the run was too short to tell. */
export function verdictOn({
  clientBusy,
  server,
  durationMs,
  options,
}: Omit<LoadResult, 'verdict' | 'valid' | 'warnings'>): Verdict {
  if (server === undefined || durationMs < SHORTEST_MS) return 'unknown';
  const serverCpus = options.serverCpus?.length ?? availableParallelism();
  // One thread that never rests is a limit, however many CPUs are left.
  const serverBusy = server.busiestThread >= BUSY || server.busyCpus >= BUSY * serverCpus;
  if (clientBusy >= BUSY) return serverBusy ? 'both' : 'client-limited';
  return serverBusy ? 'server-limited' : 'neither';
}

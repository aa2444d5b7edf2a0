import type { CellResult } from './result.ts';
import { leastSquaresSlope } from './statistics/least-squares.ts';
import { median, medianInterval, type Interval } from './statistics/order.ts';
import { measuredTrials, summarize } from './summary.ts';

/** What each further connection costs a server in memory: the median over the rounds. */
export type ConnectionMemory =
  | { state: 'measured'; model: string; bytes: number; interval: Interval; rounds: number }
  | { state: 'absent'; model: string; reason: string };

export type MeasuredMemory = Extract<ConnectionMemory, { state: 'measured' }>;

/** What a connection costs shows only where many come: with fewer, what is measured is how much garbage there was. */
export const MANY = 500;

/**
 * The slope of peak memory over connections, one a round, of each server that was measured. The least comes first; those
 * without a slope last. Servers whose rows are fewer than MANY connections apart are left out.
 * @param sweep cells that differ only in server and connections
 */
export function memoryPerConnection(sweep: readonly CellResult[]): ConnectionMemory[] {
  const all = [...new Set(sweep.map(({ model }) => model))]
    .map((model) => sweep.filter((cell) => cell.model === model))
    .filter((own) => rangeOf(own) >= MANY && own.some((cell) => measuredTrials(cell).length > 0))
    .map(memoryOf);
  return all.toSorted((a, b) => bytesOf(a) - bytesOf(b));
}

function rangeOf(own: readonly CellResult[]): number {
  const counts = own.map(({ knobs }) => knobs.connections);
  return Math.max(...counts) - Math.min(...counts);
}

const bytesOf = (memory: ConnectionMemory): number => (memory.state === 'measured' ? memory.bytes : Number.MAX_VALUE);

function memoryOf(own: readonly CellResult[]): ConnectionMemory {
  const { model } = own[0]!;
  const reason = own.map(obstacle).findLast((found) => found !== undefined);
  if (reason !== undefined) return { state: 'absent', model, reason };
  const rows = own.map((cell) => ({ connections: cell.knobs.connections, trials: measuredTrials(cell) }));
  const rounds = Math.min(...rows.map(({ trials }) => trials.length));
  const slopes = Array.from({ length: rounds }, (_, round) =>
    leastSquaresSlope(rows.map(({ connections, trials }) => [connections, trials[round]!.server!.peakMemoryBytes])),
  );
  return { state: 'measured', model, bytes: median(slopes), interval: medianInterval(slopes), rounds };
}

/** Why a row has no place on the line. */
function obstacle(cell: CellResult): string | undefined {
  const { connections } = cell.knobs;
  const { state } = summarize(cell);
  if (state !== 'measured') return `${state} at ${connections} connections`;
  const trials = measuredTrials(cell);
  if (trials.some(({ server }) => server === undefined)) return 'the system does not say';
  // Silent connections show nothing of whether they are served; of a bounded server they are taken to wait.
  const bounded = cell.capabilities !== undefined && cell.capabilities.connections !== 'many';
  const unserved = trials.find(({ connections: { opened, served } }) => served < (bounded ? connections : opened));
  return unserved && `served ${unserved.connections.served} of ${connections} connections`;
}

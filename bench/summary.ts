import type { WarningCode } from '../loadgen/validity.ts';
import type { LoadResult, ServerCost } from '../loadgen/result.ts';
import type { CellResult } from './result.ts';
import { median, medianInterval, type Interval } from './statistics/order.ts';

/** A figure that may be only a lower bound. */
export interface LatencyFigure {
  ns: number;
  lowerBound: boolean;
}

/** A cell over its trials: medians, and what any trial had to say against itself. */
export type Summary =
  | { state: 'skipped' | 'failed'; reason: string }
  | {
      state: 'measured';
      trials: number;
      messagesPerSecond: number;
      interval: Interval;
      latencyNs: Record<'p50' | 'p90' | 'p99' | 'p999' | 'max', LatencyFigure | undefined>;
      /** Medians of what the server cost; undefined where the system doesn't say. */
      cost: ServerCost | undefined;
      /** CPU time of the load generator. */
      clientCpuNsPerMessage: number;
      connections: { opened: number; served: number };
      warnings: WarningCode[];
    };

export type MeasuredSummary = Extract<Summary, { state: 'measured' }>;

export const measuredTrials = ({ trials }: CellResult): LoadResult[] =>
  trials.flatMap((trial) => (trial.state === 'measured' ? [trial.result] : []));

/** One failed trial makes the row failed: a model that answers wrongly now and then has no speed. */
export function summarize(cell: CellResult): Summary {
  const failure = cell.trials.find(({ state }) => state === 'failed') ?? cell.trials.find(({ state }) => state === 'skipped');
  if (failure !== undefined && failure.state !== 'measured') return failure;
  const results = measuredTrials(cell);
  if (results.length === 0) return { state: 'skipped', reason: 'no trial was run' };
  const rates = results.map((result) => result.messagesPerSecond);
  const latency = (name: 'p50' | 'p90' | 'p99' | 'p999' | 'max'): LatencyFigure | undefined => {
    const values = results.map(({ latencyNs }) => latencyNs[name]).filter((value) => value !== null);
    if (values.length < results.length) return undefined;
    return { ns: median(values), lowerBound: results.some(({ latencyNs }) => latencyNs.lowerBounds.includes(name)) };
  };
  const servers = results.flatMap(({ server }) => server ?? []);
  const [middle] = results.toSorted((a, b) => a.messagesPerSecond - b.messagesPerSecond).slice(Math.floor(results.length / 2));
  return {
    state: 'measured',
    trials: results.length,
    messagesPerSecond: median(rates),
    interval: medianInterval(rates),
    latencyNs: { p50: latency('p50'), p90: latency('p90'), p99: latency('p99'), p999: latency('p999'), max: latency('max') },
    cost: medianCost(servers),
    clientCpuNsPerMessage: median(results.map(({ cpuNsPerMessage }) => cpuNsPerMessage)),
    connections: middle!.connections,
    warnings: [...new Set(results.flatMap(({ warnings }) => warnings.map(({ code }) => code)))],
  };
}

/** Each figure's median for itself. */
function medianCost(costs: readonly ServerCost[]): ServerCost | undefined {
  const [first] = costs;
  if (first === undefined) return undefined;
  const names = Object.keys(first) as (keyof ServerCost)[];
  const medians = names.map((name) => {
    const known = costs.map((cost) => cost[name]).filter((value) => value !== null);
    return [name, known.length === 0 ? null : median(known)];
  });
  return Object.fromEntries(medians) as ServerCost;
}

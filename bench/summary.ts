import type { WarningCode } from '../loadgen/validity.ts';
import type { Measure } from '../loadgen/measures.ts';
import type { Latency, LoadResult, ServerCost } from '../loadgen/result.ts';
import type { CellResult } from './result.ts';
import { median, medianInterval, type Interval } from './statistics/order.ts';

/** A figure that may be only a lower bound. */
export interface LatencyFigure {
  ns: number;
  lowerBound: boolean;
}

export type Latencies = Record<'p50' | 'p90' | 'p99' | 'p999' | 'max', LatencyFigure | undefined>;

/** Of what only one workload measures. */
export type MedianMeasure = { kind: 'latency'; meaning: string; latencyNs: Latencies } | Exclude<Measure, { kind: 'latency' }>;

/** A cell over its trials: medians, and what any trial had to say against itself. */
export type Summary =
  | { state: 'skipped' | 'failed'; reason: string }
  | {
      state: 'measured';
      trials: number;
      messagesPerSecond: number;
      interval: Interval;
      latencyNs: Latencies;
      /** Medians of what the server cost; undefined where the system doesn't say. */
      cost: ServerCost | undefined;
      /** CPU time of the load generator. */
      clientCpuNsPerMessage: number;
      connections: { opened: number; served: number };
      /** Those that all trials have, by name. */
      measures: Record<string, MedianMeasure>;
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
  const servers = results.flatMap(({ server }) => server ?? []);
  const [middle] = results.toSorted((a, b) => a.messagesPerSecond - b.messagesPerSecond).slice(Math.floor(results.length / 2));
  return {
    state: 'measured',
    trials: results.length,
    messagesPerSecond: median(rates),
    interval: medianInterval(rates),
    latencyNs: medianLatencies(results.map(({ latencyNs }) => latencyNs)),
    cost: medianCost(servers),
    clientCpuNsPerMessage: median(results.map(({ cpuNsPerMessage }) => cpuNsPerMessage)),
    connections: middle!.connections,
    measures: medianMeasures(results.map(({ measures }) => measures)),
    warnings: [...new Set(results.flatMap(({ warnings }) => warnings.map(({ code }) => code)))],
  };
}

/** Each percentile's median for itself; none where a trial has too few samples for it. */
function medianLatencies(latencies: readonly Latency[]): Latencies {
  const figure = (name: keyof Latencies): LatencyFigure | undefined => {
    const values = latencies.map((latency) => latency[name]).filter((value) => value !== null);
    if (values.length < latencies.length) return undefined;
    return { ns: median(values), lowerBound: latencies.some(({ lowerBounds }) => lowerBounds.includes(name)) };
  };
  return { p50: figure('p50'), p90: figure('p90'), p99: figure('p99'), p999: figure('p999'), max: figure('max') };
}

function medianMeasures(trials: readonly Record<string, Measure>[]): Record<string, MedianMeasure> {
  const names = Object.keys(trials[0]!).filter((name) => trials.every((measures) => name in measures));
  return Object.fromEntries(
    names.map((name) => {
      const all = trials.map((measures) => measures[name]!);
      return [name, medianMeasure(all[0]!, all)];
    }),
  );
}

function medianMeasure(like: Measure, all: readonly Measure[]): MedianMeasure {
  if (like.kind !== 'latency') return { ...like, value: median(all.flatMap((one) => ('value' in one ? one.value : []))) };
  const latencies = all.flatMap((one) => ('latencyNs' in one ? one.latencyNs : []));
  return { ...like, latencyNs: medianLatencies(latencies) };
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

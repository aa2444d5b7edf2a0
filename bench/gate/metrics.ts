import type { LoadResult } from '../../loadgen/result.ts';
import { mean } from '../statistics/mean.ts';
import { median } from '../statistics/order.ts';

/** What a slice of load on one server was measured as. */
export interface Slice {
  result: LoadResult;
  /** Of the server's whole process tree, from before the first message to after the last reply; undefined where the system doesn't say. */
  cpuNsPerMessage: number | undefined;
}

/** How clients send in a slice: the next message at each reply, or at planned times. */
export const loops = ['closed', 'open'] as const;
export type LoopKind = (typeof loops)[number];

export interface Metric {
  readonly title: string;
  readonly loop: LoopKind;
  /** `ns`, or messages a second. */
  readonly unit: 'ns' | 'rate';
  /** Too few samples, or too much chance, to decide anything by. */
  readonly shownOnly?: string;
  /** Undefined where the slice doesn't tell. */
  figure(slice: Slice): number | undefined;
  /** A block's figure from the logarithms of its slices. */
  average(logarithms: readonly number[]): number;
}

/** What a server does only now and then, such as collecting garbage, is part of its cost. */
const costs = { loop: 'closed', average: mean } as const;
/** A pause of 4 ms, whoever's, decides the p90 of a slice of 40 ms: a few slices must not decide a block. */
const latencies = { loop: 'open', unit: 'ns', average: median } as const;

/** The rows of a model, the one that noise moves least first. */
export const metrics = {
  cpu: { title: 'CPU per message', ...costs, unit: 'ns', figure: ({ cpuNsPerMessage }) => cpuNsPerMessage },
  throughput: { title: 'messages/s', ...costs, unit: 'rate', figure: ({ result }) => result.messagesPerSecond },
  p50: { title: 'p50 at a fixed rate', ...latencies, figure: ({ result }) => result.latencyNs.p50 ?? undefined },
  p90: { title: 'p90 at a fixed rate', ...latencies, figure: ({ result }) => result.latencyNs.p90 ?? undefined },
  p99: {
    title: 'p99 at a fixed rate',
    ...latencies,
    shownOnly: 'a tail varies too much to decide by',
    figure: ({ result }) => result.latencyNs.p99 ?? undefined,
  },
} as const satisfies Record<string, Metric>;

export type MetricName = keyof typeof metrics;
export const metricNames = Object.keys(metrics) as MetricName[];
/** Those that decide. */
export const gatedNames = metricNames.filter((name) => (metrics[name] as Metric).shownOnly === undefined);

/** Logarithm of other over one, its sign such that above 0 is worse. */
export function worsening(metric: MetricName, oneLog: number, otherLog: number): number {
  return metrics[metric].unit === 'rate' ? oneLog - otherLog : otherLog - oneLog;
}

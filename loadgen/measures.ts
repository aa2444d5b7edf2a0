import type { LoadOptions } from './options.ts';
import { summarize } from './percentiles.ts';
import type { Recorder } from './recorder.ts';
import type { RecorderSet } from './recorder-set.ts';
import type { Latency } from './result.ts';

/** A result that only some workloads have. It carries what it means, so that whoever prints it needs to know no workload. */
export type Measure =
  | { kind: 'latency'; meaning: string; latencyNs: Latency }
  /** count: a number of things; share: 0 to 1; rate: per second. */
  | { kind: 'count' | 'share' | 'rate' | 'bytes' | 'bytesPerSecond'; meaning: string; value: number };

/** What a run of all threads has found, added up. */
export interface Found {
  readonly options: LoadOptions;
  /** Those that every run has, and those that the workload named. */
  readonly histograms: RecorderSet;
  /** By the names that the workload gave them. */
  readonly counters: Readonly<Record<string, number>>;
  /** Connections that failed to open or broke, by errno name. */
  readonly failures: Readonly<Record<string, number>>;
  readonly durationMs: number;
  readonly messagesPerSecond: number;
}

export const latencyMeasure = (meaning: string, recorder: Recorder): Measure => ({
  kind: 'latency',
  meaning,
  latencyNs: summarize(recorder),
});

import type { Latency } from './result.ts';
import type { Recorder } from './recorder.ts';

/** A result that only some workloads have. It carries what it means, so that whoever prints it needs to know no workload. */
export type Measure =
  | { kind: 'latency'; meaning: string; latencyNs: Latency }
  /** count: a whole number; share: 0 to 1; rate: per second; bytes. */
  | { kind: 'count' | 'share' | 'rate' | 'bytes'; meaning: string; value: number };

/** What a workload's exchanges recorded in all threads, added up. */
export interface Found {
  /** By the names that the workload gave them. */
  readonly histograms: Readonly<Record<string, Recorder>>;
  readonly counters: Readonly<Record<string, number>>;
  readonly durationMs: number;
}

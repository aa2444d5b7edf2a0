import type { LoadOptions } from './options.ts';
import type { Errors } from './tally.ts';
import type { Warning } from './validity.ts';

/** What a run of the load generator found. `--json` prints it; bench/result.ts holds its schema. */
export interface LoadResult {
  options: LoadOptions & { transport: string; target: { host: string; port: number } };
  durationMs: number;
  messages: number;
  messagesPerSecond: number;
  latencyNs: Latency;
  errors: Errors;
  /** Connections that failed to open or broke, by errno name. */
  failures: Record<string, number>;
  unanswered: number;
  connections: { opened: number; served: number };
  /** Jain's index over the connections' shares of the replies: 1 is even, 1/n is one connection having all. */
  fairness: number;
  /** CPU time of the load generator itself. */
  cpuNsPerMessage: number;
  /** Share of its threads' time that the load generator was busy. */
  clientBusy: number;
  /** The started server's whole process tree; absent when the server was not started from here, or the system doesn't say. */
  server?: { cpuNsPerMessage: number; busyCpus: number; peakMemoryBytes: number; processes: number };
  warnings: Warning[];
  /** Ended by Ctrl-C: what was measured until then. */
  interrupted: boolean;
}

/** A percentile with too few samples beyond it is null; one that is only a lower bound is named in `lowerBounds`. */
export interface Latency {
  p50: number | null;
  p90: number | null;
  p99: number | null;
  p999: number | null;
  max: number;
  mean: number;
  count: number;
  lowerBounds: ('p50' | 'p90' | 'p99' | 'p999' | 'max')[];
}

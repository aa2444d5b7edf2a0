import type { GcPauses } from './gc-pauses.ts';
import type { LatencyCurve } from './latency-curve.ts';
import type { LoadCurve } from './load-curve.ts';
import type { Measure } from './measures.ts';
import type { CompleteOptions } from './options.ts';
import type { Errors } from './tally.ts';
import type { Timeline } from './timeline.ts';
import type { Verdict } from './verdict.ts';
import type { Warning } from './validity.ts';

/** What a run of the load generator found. `--json` prints it; bench/result.ts holds its schema. */
export interface LoadResult {
  options: CompleteOptions;
  durationMs: number;
  messages: number;
  messagesPerSecond: number;
  /** Response time: from the planned send where there is a plan, otherwise from the moment at which the request could be sent. */
  latencyNs: Latency;
  /** The same at more percentiles. */
  latencyCurve: LatencyCurve;
  /** Of an open loop only: from the actual send to the reply. */
  serviceTimeNs?: Latency;
  /** Of an open loop only: how much later than planned messages left whose connection could take them. */
  sendLagNs?: Latency;
  /** Of an open loop only. */
  offered?: Offered;
  /** From each attempt to connect to its success; warm-up included, unless connections come and go. */
  connectTimeNs: Latency;
  /** What only this workload measures, by name. */
  measures: Record<string, Measure>;
  /** Of workloads that try several rates. */
  loadCurve?: LoadCurve;
  /** Of workloads that keep every message. */
  timeline?: Timeline;
  /** Replies per second in the second half of the time over those in the first; absent where no duration was wanted. */
  drift?: number;
  errors: Errors;
  /** Connections that failed to open or broke, by errno name. */
  failures: Record<string, number>;
  unanswered: number;
  connections: { opened: number; served: number };
  /** Jain's index over the shares of the replies that the connections have which send: 1 is even, 1/n is one connection having all. */
  fairness: number;
  /** CPU time of the load generator itself, and which share of it was spent in the kernel; null where too little to tell. */
  cpuNsPerMessage: number;
  kernelShare: number | null;
  /** The most memory that its process had. */
  clientMemoryBytes?: number;
  /** Share of its threads' time that the load generator was busy. */
  clientBusy: number;
  /** The started server's whole process tree, and its busiest thread's share of the time; absent when the server was not started from here, or the system doesn't say. */
  server?: ServerCost;
  /** CPUs that the host gave to others meanwhile, and that other programs here used, and how long the machine was suspended; Linux only. */
  machine?: { stolenCpus: number; foreignCpus?: number; suspendedMs?: number };
  /** Of the load generator's own threads. */
  gcPauses: GcPauses;
  /** Messages per second of the same load generator with a server that does the least, where that was asked for. */
  ceiling?: number;
  /** Who had no CPU time left. */
  verdict: Verdict;
  /** No warning stands that makes the figures worthless. */
  valid: boolean;
  warnings: Warning[];
  /** Ended by Ctrl-C: what was measured until then. */
  interrupted: boolean;
}

export interface ServerCost {
  cpuNsPerMessage: number;
  /** Share of that time spent in the kernel; null where too little to tell. */
  kernelShare: number | null;
  /** Context switches because a thread had to wait, or lost its CPU to another. */
  voluntarySwitchesPerMessage: number;
  involuntarySwitchesPerMessage: number;
  busyCpus: number;
  busiestThread: number;
  peakMemoryBytes: number;
  processes: number;
  threads: number;
}

/** What an open loop wanted to send in the measured time, and what it did. */
export interface Offered {
  messages: number;
  messagesPerSecond: number;
  sent: number;
  /** Of those sent: late, because the connection was full or closed when they were due. */
  held: number;
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

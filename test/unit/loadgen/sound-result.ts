import { loadDefaults } from '../../../loadgen/options.ts';
import type { LoadResult, ServerCost } from '../../../loadgen/result.ts';
import type { Unjudged } from '../../../loadgen/validity.ts';
import { newTally } from '../../../loadgen/tally.ts';

/** The cost of a server of one process, with changes. */
export const soundServer = (changes: Partial<ServerCost> = {}): ServerCost => ({
  cpuNsPerMessage: 10_000,
  kernelShare: 0.75,
  voluntarySwitchesPerMessage: 0.5,
  involuntarySwitchesPerMessage: 0.01,
  busyCpus: 1,
  busiestThread: 0.99,
  peakMemoryBytes: 5e6,
  processes: 1,
  threads: 11,
  ...changes,
});

/** A result against which nothing can be said, with changes. */
export function soundResult(changes: Partial<LoadResult & Unjudged> = {}): Unjudged {
  const { errors, failures } = newTally();
  return {
    options: { ...loadDefaults, workload: 'echo', transport: 'net', target: { host: '127.0.0.1', port: 1 } },
    durationMs: 1000,
    messages: 20_000,
    answered: 20_000,
    messagesPerSecond: 20_000,
    latencyNs: { p50: 450e3, p90: 700e3, p99: 900e3, p999: 990e3, max: 1e6, mean: 500e3, count: 20_000, lowerBounds: [] },
    latencyCurve: {
      points: [
        [0.5, 100],
        [0.9, 200],
        [0.99, 300],
        [0.999, 400],
      ],
      lowerBoundFrom: null,
    },
    connectTimeNs: { p50: null, p90: null, p99: null, p999: null, max: 90_000, mean: 50_000, count: 10, lowerBounds: [] },
    measures: {},
    drift: 0.01,
    errors,
    failures,
    unanswered: 0,
    connections: { opened: 10, served: 10 },
    fairness: 1,
    cpuNsPerMessage: 5000,
    kernelShare: 0.8,
    clientBusy: 0.5,
    server: soundServer(),
    machine: { stolenCpus: 0, foreignCpus: 0.01 },
    gcPauses: { count: 1, totalMs: 0.5, longest: [{ atMs: 100, durationMs: 0.5 }] },
    verdict: 'server-limited',
    interrupted: false,
    ...changes,
  };
}

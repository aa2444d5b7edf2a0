import { loadDefaults } from '../../../loadgen/options.ts';
import type { LoadResult } from '../../../loadgen/result.ts';
import { newTally } from '../../../loadgen/tally.ts';

/** A result against which nothing can be said, with changes. */
export function soundResult(changes: Partial<LoadResult> = {}): Omit<LoadResult, 'warnings'> {
  const { errors, failures } = newTally();
  return {
    options: { ...loadDefaults, transport: 'net', target: { host: '127.0.0.1', port: 1 } },
    durationMs: 1000,
    messages: 20_000,
    messagesPerSecond: 20_000,
    latencyNs: { p50: 100, p90: 200, p99: 300, p999: 400, max: 500, mean: 150, count: 20_000, lowerBounds: [] },
    errors,
    failures,
    unanswered: 0,
    connections: { opened: 10, served: 10 },
    fairness: 1,
    cpuNsPerMessage: 5000,
    clientBusy: 0.5,
    server: { cpuNsPerMessage: 10_000, busyCpus: 1, peakMemoryBytes: 5e6, processes: 1 },
    interrupted: false,
    ...changes,
  };
}

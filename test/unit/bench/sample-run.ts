import type { CellResult, Outcome, RunResult } from '../../../bench/result.ts';
import type { Latency, LoadResult } from '../../../loadgen/result.ts';
import { soundResult, soundServer } from '../loadgen/sound-result.ts';

/** A trial that was measured: a sound result with changes. */
export function measured(changes: Partial<LoadResult> = {}, latencyNs: Partial<Latency> = {}): Outcome {
  const { answered: _, ...sound } = soundResult(changes);
  return { state: 'measured', result: { warnings: [], valid: true, ...sound, latencyNs: { ...sound.latencyNs, ...latencyNs } } };
}

export const failed = (reason: string): Outcome => ({ state: 'failed', reason });
export const skipped = (reason: string): Outcome => ({ state: 'skipped', reason });

/** A row of the workload `echo ×1` unless said otherwise. */
export const cellOf = (model: string, trials: Outcome[], changes: Partial<CellResult> = {}): CellResult => ({
  title: `${model} · echo ×1`,
  model,
  kind: 'model',
  workload: 'echo',
  knobs: { connections: 1 },
  placement: { serverCpus: [0], clientCpus: [1] },
  trials,
  ...changes,
});

/** A run of these rows. */
export const runOf = (cells: CellResult[], changes: Partial<RunResult> = {}): RunResult => ({
  format: 'sockbench-run-1',
  startedAt: '2026-01-31T12:00:00.000Z',
  durationMs: 9000,
  ended: 'trials',
  seed: 7,
  plan: { precision: 0.05, budgetMs: 60_000 },
  rounds: Math.max(...cells.map(({ trials }) => trials.length)),
  trialDurationMs: 1000,
  framing: 'length',
  environment: {
    cpu: 'Abacus 9000',
    cores: 2,
    memoryBytes: 2 ** 34,
    platform: 'linux-x64',
    kernel: '6.1.0 #1 SMP',
    mitigations: { meltdown: 'Mitigation: PTI' },
    governor: 'performance',
    limits: { descriptors: 1024, backlog: 4096, ports: [32_768, 60_999] },
    node: 'v20.20.0',
    sockbench: '0.1.0',
    dependencies: { koffi: '3.3.4' },
    commit: '0123456789abcdef0123456789abcdef01234567',
    cleanTree: true,
    loadAverage: [0.5, 0.25, 0],
  },
  during: { steal: 0.012, loadAverage: [1.5, 1, 0.5] },
  cells,
  timelines: [],
  ...changes,
});

const tooFew = { code: 'too-few-samples', value: 0, limit: 10, remedy: 'measure longer' } as const;
const unserved = { code: 'connections-unserved', value: 63, limit: 0, remedy: 'use fewer' } as const;

/** Two workloads, and a row of every kind: measured, with lower bounds, with too few samples, skipped, failed. */
export const sampleRun = runOf([
  cellOf('steady', [
    measured(
      { messagesPerSecond: 20_000, server: soundServer({ cpuNsPerMessage: 9000, peakMemoryBytes: 60 * 2 ** 20 }) },
      { p50: 40_000, p90: 50_000, p99: 99_960, p999: 999_600, max: 4_000_000 },
    ),
    measured(
      { messagesPerSecond: 22_000, server: soundServer({ cpuNsPerMessage: 8000, peakMemoryBytes: 62 * 2 ** 20 }) },
      { p50: 42_000, p90: 54_000, p99: 99_960, p999: 999_600, max: 6_000_000 },
    ),
    measured(
      { messagesPerSecond: 21_000, server: soundServer({ cpuNsPerMessage: 8500, peakMemoryBytes: 61 * 2 ** 20 }) },
      { p50: 41_000, p90: 52_000, p99: 99_960, p999: 999_600, max: 5_000_000 },
    ),
  ]),
  cellOf(
    'brief',
    Array.from({ length: 3 }, () => measured({ messagesPerSecond: 999_960, warnings: [tooFew] }, { p99: null, p999: null })),
  ),
  cellOf(
    'absent',
    Array.from({ length: 3 }, () => skipped('needs linux, this is win32')),
  ),
  cellOf('broken', [
    measured(),
    failed(
      'node server.js | tee <log>: expected it to serve, it ended with exit code 1\nError: *boom*\n    at __main (file:///s.js)',
    ),
    measured(),
  ]),
  cellOf(
    'one-by-one',
    Array.from({ length: 3 }, () =>
      measured(
        { messagesPerSecond: 980, connections: { opened: 64, served: 1 }, warnings: [unserved, tooFew] },
        { p50: 47_600, p90: 404e6, p99: null, p999: null, max: 809e6, lowerBounds: ['p90', 'max'] },
      ),
    ),
    { title: 'one-by-one · echo ×64', knobs: { connections: 64 } },
  ),
]);

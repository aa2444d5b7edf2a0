import { describe, expect, test } from 'vitest';
import { assemble, jainIndex, type Findings, type ThreadOutcome, type Window } from '../../../loadgen/assemble.ts';
import { summarize } from '../../../loadgen/percentiles.ts';
import { Recorder } from '../../../loadgen/recorder.ts';
import { newRecorders } from '../../../loadgen/recorder-set.ts';
import { newTally } from '../../../loadgen/tally.ts';
import { workloads } from '../../../loadgen/workload.ts';
import { soundResult } from './sound-result.ts';

/** So many latencies of 100 ns, 200 ns and so on, each a step above the one before. */
function recordedSteps(count: number): Recorder {
  const recorder = new Recorder();
  for (let step = 1; step <= count; step += 1) recorder.record(step * 100);
  return recorder;
}

describe('the summary of latencies', () => {
  test.each([
    ['p50', 20],
    ['p90', 100],
    ['p99', 1000],
    ['p999', 10_000],
  ] as const)('has a %s from %i samples on: then ten lie beyond it', (name, fewest) => {
    expect(summarize(recordedSteps(fewest - 1))[name]).toBeNull();
    expect(summarize(recordedSteps(fewest))[name]).not.toBeNull();
  });

  test('has percentiles, maximum, mean and count in nanoseconds', () => {
    const { p50, p90, p99, ...rest } = summarize(recordedSteps(1000));
    expect(rest).toEqual({ p999: null, max: 100_000, mean: 50_050, count: 1000, lowerBounds: [] });
    for (const [got, exact] of [
      [p50, 50_000],
      [p90, 90_000],
      [p99, 99_000],
    ] as const) {
      expect(got).toBeGreaterThanOrEqual(exact);
      expect(got).toBeLessThanOrEqual(exact * 1.001);
    }
  });

  test('names the percentiles that are lower bounds, and the maximum with them', () => {
    const recorder = recordedSteps(1000);
    recorder.recordLowerBound(90_000);
    // 1001 samples; the two 90 000 share rank 901, which is p90.
    expect(summarize(recorder).lowerBounds).toEqual(['p90', 'p99', 'max']);
  });

  test('names the maximum alone where a request that is unanswered is older than all answered ones', () => {
    const recorder = recordedSteps(1000);
    recorder.recordLowerBound(1e9);
    expect(summarize(recorder)).toMatchObject({ lowerBounds: ['max'], max: 1e9, count: 1001 });
  });

  test('says nothing where nothing was recorded', () => {
    const nothing = { p50: null, p90: null, p99: null, p999: null, max: 0, mean: 0, count: 0, lowerBounds: [] };
    expect(summarize(new Recorder())).toEqual(nothing);
  });
});

describe("Jain's index", () => {
  test.each([
    [[5, 5, 5, 5], 1],
    [[8, 0, 0, 0], 1 / 4],
    [[3, 3, 0, 0], 1 / 2],
    [[1, 2, 3], 36 / 42],
    [[7], 1],
    [[0, 0], 1],
    [[], 1],
  ])('of %j is %d', (shares, index) => {
    expect(jainIndex(shares)).toBeCloseTo(index, 12);
  });
});

/** What a thread on two connections found. */
const outcome = (measuredMessages: number, measuredNs: number, answered: number[]): ThreadOutcome => ({
  state: 'done',
  tally: { ...newTally(), unanswered: 1, connections: { opened: 2, served: 2 }, failures: { ECONNRESET: 2 } },
  measuredMessages,
  measuredNs,
  firstHalfMessages: measuredMessages / 2,
  answeredBySlot: Float64Array.from(answered),
  gcPauses: { count: 2, totalMs: 3, longest: [{ atMs: measuredNs / 2e6, durationMs: 2 }] },
});

/** What was read at an instant. */
const window = (atNs: number, messages: number, clientCpuNs: number, serverCpuNs: number): Window => ({
  atNs,
  messages,
  clientCpuNs,
  clientKernelNs: clientCpuNs / 4,
  server: {
    cpuNs: serverCpuNs,
    peakMemoryBytes: 5e6,
    processes: 3,
    ticks: serverCpuNs / 1e7,
    kernelTicks: serverCpuNs / 2e7,
    runnable: 0,
    threads: new Map([[7, { cpuNs: serverCpuNs / 2, voluntarySwitches: atNs / 1e6, involuntarySwitches: atNs / 1e7 }]]),
  },
  machine: { busyNs: clientCpuNs + serverCpuNs + atNs / 4, stolenNs: atNs / 8, suspendedNs: atNs * 3 },
});

describe('the result of two threads', async () => {
  const { options } = soundResult();
  const outcomes = [outcome(1000, 1e9, [600, 400]), outcome(300, 0.5e9, [150, 150])];
  const twoThreads: Findings = {
    options,
    workload: await workloads.load('echo'),
    outcomes,
    recorders: { ...newRecorders(), responseTime: recordedSteps(1300) },
    window: undefined,
    clientMemoryBytes: 80e6,
    interrupted: false,
  };

  test('adds messages, rates and counts, and lasts as long as the longer', () => {
    const result = assemble(twoThreads);
    expect(result).toMatchObject({
      durationMs: 1000,
      messages: 1300,
      messagesPerSecond: 1600,
      unanswered: 2,
      connections: { opened: 4, served: 4 },
      failures: { ECONNRESET: 4 },
      interrupted: false,
    });
    expect(result.fairness).toBeCloseTo(1300 ** 2 / (4 * (600 ** 2 + 400 ** 2 + 2 * 150 ** 2)), 12);
  });

  test('says what the machine did between them: what others took, and how long it slept', () => {
    const { machine } = assemble({
      ...twoThreads,
      window: { begin: window(0, 100, 1e6, 5e6), end: window(1e9, 1100, 401e6, 305e6) },
    });
    expect(machine).toEqual({ stolenCpus: 0.125, foreignCpus: 0.25, suspendedMs: 3000 });
  });

  test('divides CPU time by the messages between the same two instants', () => {
    const result = assemble({
      ...twoThreads,
      window: { begin: window(0, 100, 1e6, 5e6), end: window(1e9, 1100, 401e6, 305e6) },
      interrupted: true,
    });
    expect(result).toMatchObject({
      cpuNsPerMessage: 400_000,
      clientBusy: 0.2, // 0.4 s of CPU in 1 s on two threads
      kernelShare: 0.25,
      server: {
        cpuNsPerMessage: 300_000,
        kernelShare: 0.5,
        voluntarySwitchesPerMessage: 1, // 1000 in 1000 messages
        involuntarySwitchesPerMessage: 0.1,
        busyCpus: 0.3,
        busiestThread: 0.15,
        peakMemoryBytes: 5e6,
        processes: 3,
        threads: 1,
      },
      interrupted: true,
    });
  });

  test('says nothing of a server whose CPU time is unknown', () => {
    const end = { ...window(1e9, 10, 1, 1), server: undefined };
    const result = assemble({ ...twoThreads, window: { begin: window(0, 0, 0, 0), end } });
    expect(result).not.toHaveProperty('server');
    expect(result).toMatchObject({ cpuNsPerMessage: 0.1 });
  });

  test('carries the warnings that it deserves', () => {
    const codes = assemble(twoThreads).warnings.map(({ code }) => code);
    expect(codes).toEqual(['connections-broken', 'requests-unanswered', 'too-few-samples']);
  });

  test('is zero and not NaN where nothing was measured', () => {
    const result = assemble({ ...twoThreads, outcomes: [outcome(0, 0, [0])], recorders: newRecorders(), interrupted: true });
    expect(result).toMatchObject({
      durationMs: 0,
      messages: 0,
      messagesPerSecond: 0,
      fairness: 1,
      cpuNsPerMessage: 0,
      clientBusy: 0,
    });
  });
});

import { describe, expect, test } from 'vitest';
import { summarize, type MeasuredSummary } from '../../../bench/summary.ts';
import type { Outcome } from '../../../bench/result.ts';
import { soundServer } from '../loadgen/sound-result.ts';
import { cellOf, failed, measured, skipped } from './sample-run.ts';

function summaryOf(...trials: Outcome[]): MeasuredSummary {
  const summary = summarize(cellOf('some', trials));
  if (summary.state !== 'measured') throw new Error(`expected a measured row, got ${summary.state}: ${summary.reason}`);
  return summary;
}

const rates = (...perSecond: number[]): Outcome[] => perSecond.map((messagesPerSecond) => measured({ messagesPerSecond }));

const costing = (cpuNsPerMessage: number, peakMemoryBytes: number): Outcome =>
  measured({ server: soundServer({ cpuNsPerMessage, peakMemoryBytes }) });

const serving = (messagesPerSecond: number, served: number): Outcome =>
  measured({ messagesPerSecond, connections: { opened: 10, served } });

describe('a row over its trials', () => {
  test('has the median rate and its interval', () => {
    expect(summaryOf(...rates(300, 100, 200))).toMatchObject({
      trials: 3,
      messagesPerSecond: 200,
      interval: { low: 100, high: 300, confidence: 0.75 },
    });
  });

  test('has the median of each latency for itself, not those of one trial', () => {
    const summary = summaryOf(
      measured({}, { p50: 1000, p99: 9000 }),
      measured({}, { p50: 3000, p99: 7000 }),
      measured({}, { p50: 2000, p99: 8000 }),
    );
    expect(summary.latencyNs).toMatchObject({
      p50: { ns: 2000, lowerBound: false },
      p99: { ns: 8000, lowerBound: false },
    });
  });

  test('has no percentile that one of its trials has too few samples for', () => {
    const { latencyNs } = summaryOf(measured(), measured({}, { p999: null }), measured());
    expect(latencyNs.p999).toBeUndefined();
    expect(latencyNs.p99).toBeDefined();
  });

  test('calls a latency a lower bound when it is one in any of its trials', () => {
    const { latencyNs } = summaryOf(measured(), measured({}, { lowerBounds: ['p99', 'max'] }), measured());
    expect(latencyNs).toMatchObject({ p90: { lowerBound: false }, p99: { lowerBound: true }, max: { lowerBound: true } });
  });

  test('has the median cost of the servers', () => {
    expect(summaryOf(costing(3000, 10), costing(1000, 30), costing(2000, 20))).toMatchObject({
      cost: { cpuNsPerMessage: 2000, peakMemoryBytes: 20, kernelShare: 0.75 },
    });
  });

  test('has no cost where the system does not say', () => {
    const { state, result } = measured() as Extract<Outcome, { state: 'measured' }>;
    const { server: _, ...withoutServer } = result;
    const summary = summaryOf({ state, result: withoutServer });
    expect(summary.cost).toBeUndefined();
  });

  test('counts the connections of the trial in the middle', () => {
    expect(summaryOf(serving(300, 10), serving(100, 1), serving(200, 5)).connections).toEqual({ opened: 10, served: 5 });
  });

  test('names each warning of any trial once', () => {
    const warning = { code: 'client-limited', value: 1, limit: 0.9, remedy: 'more workers' } as const;
    expect(summaryOf(measured({ warnings: [warning] }), measured(), measured({ warnings: [warning] })).warnings).toEqual([
      'client-limited',
    ]);
  });
});

describe('a row without figures', () => {
  test('has failed when one of its trials has, with that reason', () => {
    expect(summarize(cellOf('some', [measured(), failed('wrong replies: 1 corrupt'), measured()]))).toEqual(
      failed('wrong replies: 1 corrupt'),
    );
  });

  test('has the reason of its first failure', () => {
    expect(summarize(cellOf('some', [skipped('not here'), failed('first'), failed('second')]))).toEqual(failed('first'));
  });

  test('is skipped with a reason', () => {
    expect(summarize(cellOf('some', [skipped('needs linux, this is win32')]))).toEqual(skipped('needs linux, this is win32'));
  });

  test('is skipped when the run was interrupted before its first trial', () => {
    expect(summarize(cellOf('some', []))).toEqual(skipped('no trial was run'));
  });
});

import { describe, expect, test } from 'vitest';
import { latencyCurve } from '../../../loadgen/latency-curve.ts';
import { Recorder } from '../../../loadgen/recorder.ts';

/** 1 µs, 2 µs, … */
function steps(count: number): Recorder {
  const recorder = new Recorder();
  for (let step = 1; step <= count; step += 1) recorder.record(step * 1000);
  return recorder;
}

describe('a latency curve', () => {
  test('has the latency of each percentile, rising with it', () => {
    const { points, lowerBoundFrom } = latencyCurve(steps(10_000));
    for (const [share, latencyNs] of points) expect(Math.abs(latencyNs / (share * 10_000 * 1000) - 1)).toBeLessThan(0.001);
    expect(points.map(([share]) => share)).toEqual(points.map(([share]) => share).toSorted((a, b) => a - b));
    expect(lowerBoundFrom).toBeNull();
  });

  test.each([
    [9, undefined],
    [20, 0.5],
    [100, 0.9],
    [1000, 0.99],
    [10_000, 0.999],
    [100_000, 0.9999],
  ])('of %d samples ends where fewer than ten lie beyond', (count, last) => {
    expect(latencyCurve(steps(count)).points.at(-1)?.[0]).toBe(last);
  });

  test('has some forty points where there are samples enough', () => {
    expect(latencyCurve(steps(100_000)).points).toHaveLength(45);
  });

  test('says from where on its latencies are only lower bounds', () => {
    const recorder = steps(900);
    for (let step = 1; step <= 100; step += 1) recorder.recordLowerBound(1e9);
    expect(latencyCurve(recorder).lowerBoundFrom).toBe(0.92);
  });
});

import { describe, expect, test } from 'vitest';
import { mulberry32 } from '../../../loadgen/random.ts';
import { median, medianInterval } from '../../../bench/statistics/order.ts';

describe('the median', () => {
  test('is the middle value of an odd number, in any order', () => {
    expect(median([9, 1, 5])).toBe(5);
  });

  test('is the mean of the two in the middle of an even number', () => {
    expect(median([4, 1, 3, 100])).toBe(3.5);
  });

  test('of nothing is not a number', () => {
    expect(median([])).toBeNaN();
  });
});

describe('the interval for the median', () => {
  test('of 3 values is their range, and holds it with 1 - 2/8', () => {
    expect(medianInterval([3, 1, 2])).toEqual({ low: 1, high: 3, confidence: 0.75 });
  });

  test('of 6 values is their range, and holds it with 1 - 2/64', () => {
    expect(medianInterval([1, 2, 3, 4, 5, 6])).toEqual({ low: 1, high: 6, confidence: 1 - 2 / 64 });
  });

  // 1 - 2/4 and 1 - 2/32; of 8, x(2) to x(7) has only 1 - 2 (1+8)/256; of 9, it is enough: 1 - 2 (1+9)/512
  test.each([
    [1, 1, 1, 0],
    [2, 1, 2, 0.5],
    [5, 1, 5, 0.9375],
    [8, 1, 8, 0.9921875],
    [9, 2, 8, 0.9609375],
  ])('of %d values goes from number %d to number %d, and holds it with %d', (n, low, high, confidence) => {
    expect(medianInterval(Array.from({ length: n }, (_, index) => n - index))).toEqual({ low, high, confidence });
  });

  test('is as narrow as the confidence asked for allows', () => {
    const values = Array.from({ length: 20 }, (_, index) => index + 1);
    expect(medianInterval(values, 0.5)).toMatchObject({ low: 8, high: 13 }); // x(9) to x(12) has only 49.7 %
  });

  test('of 20 values goes from the 6th to the 15th, with 1 - 2 (1+20+190+1140+4845+15504)/2^20', () => {
    const values = Array.from({ length: 20 }, (_, index) => index + 1);
    const { low, high, confidence } = medianInterval(values);
    expect([low, high]).toEqual([6, 15]);
    expect(confidence).toBeCloseTo(1 - (2 * (1 + 20 + 190 + 1140 + 4845 + 15_504)) / 2 ** 20, 12);
  });

  test('holds the true median as often as it says, over 20,000 simulated samples of a skewed distribution', () => {
    const random = mulberry32(7);
    const trueMedian = Math.log(2); // of the exponential distribution
    let held = 0;
    let claimed = 0;
    for (let run = 0; run < 20_000; run += 1) {
      const interval = medianInterval(Array.from({ length: 9 }, () => -Math.log(1 - random())));
      claimed = interval.confidence;
      if (interval.low <= trueMedian && trueMedian <= interval.high) held += 1;
    }
    expect(Math.abs(held / 20_000 - claimed)).toBeLessThan(0.005);
  });
});

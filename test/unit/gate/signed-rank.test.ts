import { describe, expect, test } from 'vitest';
import { mulberry32 } from '../../../loadgen/random.ts';
import { clopperPearson } from '../../../bench/statistics/clopper-pearson.ts';
import { hodgesLehmann, signedRankP, upperBound } from '../../../bench/statistics/signed-rank.ts';
import { heavyTailed, normal } from './distributions.ts';

/** Hamilton's depression scale before and after a treatment: Hollander and Wolfe, table 3.1; also the example of R's wilcox.test. */
const before = [1.83, 0.5, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.3];
const after = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29];
const fall = before.map((value, index) => value - after[index]!);

describe('the signed-rank test', () => {
  test("gives the p-value of R's example: V = 40, 10 of 512 sign patterns", () => {
    expect(signedRankP(fall, 'greater')).toBeCloseTo(10 / 512, 12);
    expect(signedRankP(fall, 'two-sided')).toBeCloseTo(20 / 512, 12);
  });

  test('counts sign patterns: all seven above 0 is one of 128', () => {
    expect(signedRankP([1, 2, 3, 4, 5, 6, 7], 'greater')).toBeCloseTo(1 / 128, 12);
    expect(signedRankP([-1, 2, 3, 4, 5, 6, 7], 'greater')).toBeCloseTo(2 / 128, 12);
  });

  test('leaves zeros out', () => {
    expect(signedRankP([0, 1, 2, 3, 0, 4], 'greater')).toBeCloseTo(1 / 16, 12);
    expect(signedRankP([0, 0, 0], 'greater')).toBe(1);
    expect(signedRankP([0, 3], 'two-sided')).toBe(1);
    expect(signedRankP([], 'greater')).toBe(1);
  });

  test('is not bolder than the exact test where sizes are equal: all seven above 0 stays above 1 of 128', () => {
    expect(signedRankP([1, 1, 2, 3, 4, 5, 6], 'greater')).toBeGreaterThan(1 / 128);
  });
});

describe('the Hodges-Lehmann estimate', () => {
  test("is the 0.46 of R's example", () => {
    expect(hodgesLehmann(fall)).toBeCloseTo(0.46, 10);
  });

  test('of 1, 2 and 9 is the mean of 2 and 5 in the middle of 1, 1.5, 2, 5, 5.5 and 9', () => {
    expect(hodgesLehmann([9, 1, 2])).toBe(3.5);
  });

  test('hardly minds an outlier', () => {
    expect(hodgesLehmann([1, 2, 3, 4, 5, 6, 7])).toBe(4);
    expect(hodgesLehmann([1, 2, 3, 4, 5, 6, 700])).toBe(4);
  });
});

describe('the upper bound', () => {
  test('of seven values is the fourth largest pairwise mean: P(T <= 3) = 5/128, P(T <= 4) = 7/128', () => {
    expect(upperBound([1, 2, 3, 4, 5, 6, 7], 0.95)).toBe(6); // after 7, 6.5 and another 6
  });

  test('of five values is the largest, and of four there is none with 95 %', () => {
    expect(upperBound([3, 1, 2, 5, 4], 0.95)).toBe(5);
    expect(upperBound([3, 1, 2, 4], 0.95)).toBe(Infinity);
  });

  test.each([
    ['normal', normal],
    ['heavy-tailed', heavyTailed],
  ])('lies above the true location in at least 95 of 100 cases of %s noise', (_, noise) => {
    const random = mulberry32(11);
    for (const n of [5, 7, 14]) {
      const trials = 4000;
      let covered = 0;
      for (let trial = 0; trial < trials; trial += 1) {
        if (
          upperBound(
            Array.from({ length: n }, () => noise(random)),
            0.95,
          ) >= 0
        )
          covered += 1;
      }
      expect(clopperPearson(covered, trials, 0.999).atMost).toBeGreaterThanOrEqual(0.95);
      expect(covered / trials).toBeLessThan(0.985); // exact, not merely safe
    }
  });
});

describe("Clopper and Pearson's bounds", () => {
  test('0 alarms in 299 gates show less than 1 %, 59 of 59 more than 95 %: (1 - x)^n = 0.05', () => {
    expect(clopperPearson(0, 299).atMost).toBeCloseTo(1 - 0.05 ** (1 / 299), 10);
    expect(clopperPearson(0, 299).atMost).toBeLessThan(0.01);
    expect(clopperPearson(59, 59).atLeast).toBeCloseTo(0.05 ** (1 / 59), 10);
    expect(clopperPearson(59, 59)).toMatchObject({ atMost: 1 });
  });

  test('1 of 2 with 95 %: the roots of x² = 0.05 and (1 - x)² = 0.05', () => {
    expect(clopperPearson(1, 2).atMost).toBeCloseTo(Math.sqrt(0.95), 10);
    expect(clopperPearson(1, 2).atLeast).toBeCloseTo(1 - Math.sqrt(0.95), 10);
  });
});

import { describe, expect, test } from 'vitest';
import { mulberry32 } from '../../../loadgen/random.ts';
import { rankSumP, smallestP } from '../../../bench/statistics/rank-sum.ts';

const upTo = (count: number, value: (index: number) => number): number[] =>
  Array.from({ length: count }, (_, index) => value(index));

describe('the p-value of two samples', () => {
  test('is what counting the ways by hand gives: 2 of 20 when three lie below three', () => {
    expect(rankSumP([1, 2, 3], [4, 5, 6])).toBeCloseTo(2 / 20, 12);
    expect(rankSumP([1, 2, 4], [3, 5, 6])).toBeCloseTo(4 / 20, 12);
    expect(smallestP(4, 4)).toBeCloseTo(2 / 70, 12);
  });

  test('is that of scipy.stats.mannwhitneyu, method exact', () => {
    expect(rankSumP([19, 22, 16, 29, 24], [20, 11, 17, 12])).toBeCloseTo(0.111_111_111_111_111_1, 12);
    expect(rankSumP([101, 98, 105, 110, 99, 103, 97], [112, 108, 109, 115, 104, 120])).toBeCloseTo(0.013_986_013_986_013_986, 12);
  });

  test('counts equal values as half above and half below: 6 of 126 ways are as far apart', () => {
    expect(rankSumP([1, 2, 2, 3], [2, 4, 5, 5, 6])).toBeCloseTo(6 / 126, 12);
    expect(rankSumP([1, 1, 1], [1, 1, 1])).toBe(1);
  });

  test('is that of scipy.stats.mannwhitneyu, method asymptotic, where the samples are large', () => {
    const one = upTo(60, (index) => 2 * index);
    const other = upTo(60, (index) => 2 * index + 16);
    expect(rankSumP(one, other)).toBeCloseTo(0.018_825_021_444_696_544, 9);
    expect(
      rankSumP(
        upTo(60, () => 1),
        upTo(60, () => 1),
      ),
    ).toBe(1);
  });

  test('does not depend on which sample comes first, and is 1 for none', () => {
    expect(rankSumP([5, 1, 9], [2, 8, 7, 12])).toBeCloseTo(rankSumP([2, 8, 7, 12], [5, 1, 9]), 12);
    expect(rankSumP([], [1, 2])).toBe(1);
  });
});

test('of samples from one distribution at most one in twenty has p of 5 % or less', () => {
  const random = mulberry32(7);
  const draw = (): number[] => upTo(6, () => Math.exp(random()));
  const alarms = upTo(2000, () => (rankSumP(draw(), draw()) <= 0.05 ? 1 : 0)).filter(Boolean).length;
  // The exact rate for 6 and 6 is 4.1 %: 38 of 924 ways. Three standard deviations of 2,000 draws are 1.3 %.
  expect(alarms / 2000).toBeGreaterThan(0.028);
  expect(alarms / 2000).toBeLessThan(0.055);
});

import normalCdf from '@stdlib/stats-base-dists-normal-cdf';
import ranks from '@stdlib/stats-ranks';
import { sum } from '../../loadgen/sum.ts';
import { mean } from './mean.ts';

/** Up to so many values in both samples together the p-value is exact; the number of steps grows with their fourth power. */
const EXACT_UP_TO = 60;

/**
 * The two-sided p-value of Mann and Whitney's test (1947) that neither of two independent samples tends to larger values. Exact,
 * given the ties: the share of all ways to divide the midranks among the samples that are at least as far from the middle
 * (counted by Streitberg and Röhmel's shift algorithm, 1986). For large samples the normal approximation with corrections
 * for ties and continuity. 1 where a sample is empty.
 */
export function rankSumP(one: readonly number[], other: readonly number[]): number {
  if (one.length === 0 || other.length === 0) return 1;
  const doubled = ranks([...one, ...other]).map((rank) => Math.round(2 * rank)); // midranks are whole or half
  const size = one.length;
  const observed = sum(doubled.slice(0, size));
  return doubled.length <= EXACT_UP_TO ? exactP(doubled, size, observed) : normalP(doubled, size, observed);
}

/** The smallest p-value that samples of these sizes can have: none of them overlap. */
export function smallestP(one: number, other: number): number {
  return rankSumP(
    Array.from({ length: one }, (_, index) => index),
    Array.from({ length: other }, (_, index) => one + index),
  );
}

function exactP(doubled: readonly number[], size: number, observed: number): number {
  const most = sum(doubled);
  // ways[n][s]: how many choices of n values have the sum s
  const ways = Array.from({ length: size + 1 }, () => new Float64Array(most + 1));
  ways[0]![0] = 1;
  for (const rank of doubled) {
    for (let chosen = size; chosen >= 1; chosen -= 1) {
      for (let total = most; total >= rank; total -= 1) ways[chosen]![total]! += ways[chosen - 1]![total - rank]!;
    }
  }
  const middle = (size * most) / doubled.length;
  const distance = Math.abs(observed - middle);
  const chosen = [...ways[size]!];
  const extreme = sum(chosen.filter((_, total) => Math.abs(total - middle) >= distance - 1e-6));
  return extreme / sum(chosen);
}

function normalP(doubled: readonly number[], size: number, observed: number): number {
  const count = doubled.length;
  const middle = mean(doubled);
  // Of a sum of `size` values drawn without replacement; ties make the ranks, and so the variance, smaller.
  const variance = (size * (count - size) * sum(doubled.map((rank) => (rank - middle) ** 2))) / (count * (count - 1));
  const distance = Math.max(0, Math.abs(observed - size * middle) - 1); // half a rank, doubled
  return variance === 0 ? 1 : 2 * normalCdf(-distance / Math.sqrt(variance), 0, 1);
}

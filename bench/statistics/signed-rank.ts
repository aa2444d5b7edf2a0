import signrankQuantile from '@stdlib/stats-base-dists-signrank-quantile';
import wilcoxon from '@stdlib/stats-wilcoxon';

/**
 * Wilcoxon's signed-rank test of differences against a location of 0, exact unless two differences are equal in size (then
 * the library's normal approximation with continuity correction, which is conservative in the tail). Zeros are left out.
 * @param alternative `greater`: that they are above 0
 * @returns the p-value; 1 with fewer than two differences that are not 0
 */
export function signedRankP(differences: readonly number[], alternative: 'greater' | 'two-sided'): number {
  const counting = differences.filter((difference) => difference !== 0);
  if (counting.length < 2) return 1;
  return Math.min(1, wilcoxon(counting, { alternative, exact: true }).pValue);
}

/** The median of all pairwise means, those of each value with itself included: Hodges and Lehmann 1963. NaN for none. */
export function hodgesLehmann(values: readonly number[]): number {
  const walsh = walshAverages(values);
  const middle = walsh.length / 2;
  return walsh.length % 2 === 1 ? walsh[Math.floor(middle)]! : (walsh[middle - 1]! + walsh[middle]!) / 2;
}

/**
 * The exact one-sided upper bound of the location that belongs to the signed-rank test: with q the (1 - confidence) quantile
 * of its statistic, the q-th largest pairwise mean (Hollander, Wolfe, Chicken, Nonparametric Statistical Methods, 3.3).
 * @returns Infinity where so few values can't give that confidence: fewer than 5 at 95 %
 */
export function upperBound(values: readonly number[], confidence: number): number {
  if (2 ** -values.length > 1 - confidence) return Infinity;
  const walsh = walshAverages(values);
  return walsh[walsh.length - Math.max(1, signrankQuantile(1 - confidence, values.length))]!;
}

/** (x_i + x_j) / 2 for all i <= j, sorted. No library gives these, or the estimates from them, for paired values. */
function walshAverages(values: readonly number[]): Float64Array {
  const averages = new Float64Array((values.length * (values.length + 1)) / 2);
  let count = 0;
  for (let first = 0; first < values.length; first += 1) {
    for (let second = first; second < values.length; second += 1, count += 1)
      averages[count] = (values[first]! + values[second]!) / 2;
  }
  return averages.toSorted();
}

/** The middle value; of an even number of values the mean of the two in the middle. NaN for none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** An interval for the median between two of the values themselves. */
export interface Interval {
  low: number;
  high: number;
  /** How often such an interval holds the true median, whatever the distribution. */
  confidence: number;
}

/**
 * The narrowest symmetric interval between order statistics that holds the median with at least `confidence`; with too
 * few values for that, the whole range with the confidence that it has. The median lies outside [x(k), x(n+1-k)] with
 * probability 2 P(B < k), B binomial(n, 1/2): David and Nagaraja, Order Statistics, 7.1.
 */
export function medianInterval(values: readonly number[], confidence = 0.95): Interval {
  const sorted = values.toSorted((a, b) => a - b);
  const n = sorted.length;
  let probability = 2 ** -n; // of exactly k - 1 values below the median
  let below = probability;
  let k = 1;
  for (; k < Math.floor(n / 2); k += 1) {
    const next = (probability * (n - k + 1)) / k;
    if (1 - 2 * (below + next) < confidence) break;
    probability = next;
    below += next;
  }
  return { low: sorted[k - 1]!, high: sorted[n - k]!, confidence: Math.max(0, 1 - 2 * below) };
}

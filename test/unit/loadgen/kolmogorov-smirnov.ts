/** The largest distance between the samples' empirical distribution and `cdf` (Kolmogorov 1933). */
export function ksDistance(samples: readonly number[], cdf: (value: number) => number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted.reduce((worst, value, index) => {
    const expected = cdf(value);
    return Math.max(worst, Math.abs(expected - index / sorted.length), Math.abs((index + 1) / sorted.length - expected));
  }, 0);
}

/** Samples of the law itself exceed this distance once in a million times (asymptotically: 2 exp(-2 n d²) = 1e-6). */
export const ksLimit = (samples: number): number => Math.sqrt(Math.log(2e6) / 2 / samples);

export const exponential =
  (mean: number) =>
  (value: number): number =>
    1 - Math.exp(-value / mean);

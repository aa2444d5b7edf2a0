import betaQuantile from '@stdlib/stats-base-dists-beta-quantile';

/** One-sided exact bounds of a probability, each by itself with `confidence` (Clopper and Pearson 1934). */
export function clopperPearson(successes: number, trials: number, confidence = 0.95): { atLeast: number; atMost: number } {
  return {
    atLeast: successes === 0 ? 0 : betaQuantile(1 - confidence, successes, trials - successes + 1),
    atMost: successes === trials ? 1 : betaQuantile(confidence, successes + 1, trials - successes),
  };
}

/** Two curves over an abscissa that is read on a log scale, at the same places. All values above 0. */
export interface Sample {
  x: number;
  /** The curve that is asked about, and the one that it is compared with. */
  own: number;
  other: number;
}

/** From where on the own curve lies above the other, as far as was measured. */
export type Crossing =
  /** Between the samples `before` and `before + 1`, a share `at` of the way from one to the other on the log scale. */
  { state: 'crosses'; x: number; before: number; at: number } | { state: 'always' } | { state: 'never' };

/**
 * The last place at which the own curve rises above the other: beyond it, it stays above at every sample. Between two samples
 * the logarithm of the ratio is taken to be a straight line over log x.
 * @param samples with ascending x
 */
export function crossing(samples: readonly Sample[]): Crossing {
  const leads = samples.map(({ own, other }) => Math.log(own / other));
  const before = leads.findLastIndex((lead) => lead <= 0);
  if (before === samples.length - 1) return { state: 'never' };
  if (before < 0) return { state: 'always' };
  const at = leads[before]! / (leads[before]! - leads[before + 1]!);
  return { state: 'crosses', x: between(samples[before]!.x, samples[before + 1]!.x, at), before, at };
}

/** The value a share of the way from one to another on a log scale. */
export const between = (from: number, to: number, share: number): number => from * (to / from) ** share;

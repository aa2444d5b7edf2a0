import type { Latency } from './result.ts';

export const sloPercentiles = ['p50', 'p90', 'p99', 'p999'] as const;

/** A latency target: so many of the response times are within the limit. */
export interface Slo {
  percentile: (typeof sloPercentiles)[number];
  ns: number;
}

/** Samples beyond a percentile that make it known, and a few more. */
const ENOUGH_BEYOND = 12;
const SHARES = { p50: 0.5, p90: 0.9, p99: 0.99, p999: 0.999 };

export const samplesFor = ({ percentile }: Slo): number => ENOUGH_BEYOND / (1 - SHARES[percentile]);

/** With too few samples for the percentile, all of them must be within the limit; an unanswered request may have any latency. */
export function keeps(latency: Latency, { percentile, ns }: Slo): boolean {
  const name = latency[percentile] === null ? 'max' : percentile;
  return latency[name]! <= ns && !latency.lowerBounds.includes(name);
}

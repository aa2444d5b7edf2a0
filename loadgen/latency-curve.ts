import type { Recorder } from './recorder.ts';

/** Latency at each of the standard percentiles that has enough samples beyond it. */
export interface LatencyCurve {
  /** [share of all requests, latency that this share does not exceed, in ns], ascending. */
  points: [share: number, latencyNs: number][];
  /** From this share on the latencies are only lower bounds; null: none is. */
  lowerBoundFrom: number | null;
}

/** A percentile with fewer samples beyond it is not told. */
export const FEWEST_BEYOND = 10;

/** Evenly over the first decade of "nines", then nine steps in each, as one reads them off a logarithmic axis. */
const beyond = [
  [0.95, 0.9, 0.85, 0.8, 0.75, 0.7, 0.65, 0.6, 0.55, 0.5, 0.45, 0.4, 0.35, 0.3, 0.25, 0.2, 0.15],
  [0.1, 0.01, 0.001].flatMap((decade) => [1, 0.8, 0.6, 0.5, 0.4, 0.3, 0.25, 0.2, 0.15].map((step) => step * decade)),
  [0.0001],
].flat();
const shares = beyond.map((share) => Number((1 - share).toFixed(6)));

export const supports = (count: number, share: number): boolean => count * (1 - share) >= FEWEST_BEYOND - 1e-6;

export function latencyCurve(recorder: Recorder): LatencyCurve {
  const points = shares
    .filter((share) => supports(recorder.count, share))
    .map((share): [number, number] => [share, recorder.percentileNs(share)]);
  return { points, lowerBoundFrom: points.find(([, latencyNs]) => recorder.isLowerBound(latencyNs))?.[0] ?? null };
}

import type { Verdict } from './highest-rate.ts';
import { knee } from './knee.ts';
import type { Slo } from './slo.ts';
import type { WarningCode } from './validity.ts';

/** How latency grows with the load, and up to which load a target is kept. */
export interface LoadCurve {
  slo: Slo;
  /** By ascending rate; a rate that was tried again has several. */
  points: LoadPoint[];
  /** Where response times begin to rise steeply; null where no such place can be told. */
  kneePerSecond: number | null;
  /** Why no higher rate was tried: one broke the target, or the run at it was not valid. */
  ended: { state: 'broken' | 'unbroken' | 'interrupted' } | { state: 'invalid'; perSecond: number; because: WarningCode[] };
}

export interface LoadPoint {
  /** Messages per second: asked for, and answered. */
  askedPerSecond: number;
  achievedPerSecond: number;
  /** Response times; null with too few samples. */
  p50Ns: number | null;
  p99Ns: number | null;
  verdict: Verdict;
}

/**
 * The knee of p99 over the rate. Only up to the lowest rate that broke the target: what response times are beyond what a server can
 * do depends on how long one looks.
 */
export function kneeOf(points: readonly LoadPoint[]): number | null {
  const known = points
    .filter(({ p99Ns, verdict }) => p99Ns !== null && verdict !== 'void')
    .toSorted((a, b) => a.askedPerSecond - b.askedPerSecond);
  const broken = known.findIndex(({ verdict }) => verdict === 'broken');
  const sound = broken < 0 ? known : known.slice(0, broken + 1);
  return knee(sound.map(({ askedPerSecond, p99Ns }) => ({ x: askedPerSecond, y: p99Ns! })))?.x ?? null;
}

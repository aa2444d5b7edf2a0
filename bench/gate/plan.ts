import type { Disturbance } from './disturbance.ts';
import type { LoopKind } from './metrics.ts';

/** How much a gate measures, fixed before anything is measured. */
export interface GatePlan {
  /** Of each server in the screen, and in the confirmation: `sockbench gate --self-test` says how many the noise asks for. */
  blocks: Record<'screen' | 'confirm', number>;
  /** Slices of each loop on each arm in a block; even. */
  rounds: number;
  sliceMs: Record<LoopKind, number>;
  warmUpSliceMs: number;
  /** A block is dropped above these. */
  tolerated: Disturbance;
}

export const defaultPlan: GatePlan = {
  // The fewest that can be significant are 2^-n: 14 are enough for 160 rows.
  blocks: { screen: 7, confirm: 14 },
  rounds: 4,
  sliceMs: { closed: 120, open: 100 }, // verdicts on who was the limit need 100 ms
  warmUpSliceMs: 120,
  tolerated: { stolenCpus: 0.1, foreignCpus: 0.15 },
};

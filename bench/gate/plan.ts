import { z } from 'zod';

/** How much a gate measures, fixed before anything is measured. */
export const gatePlan = z.object({
  /** Of each server in the screen, and in the confirmation: `sockbench gate --self-test` says how many the noise asks for. */
  blocks: z.object({ screen: z.number(), confirm: z.number() }),
  /** Slices of each loop on each arm in a block; even. */
  rounds: z.object({ closed: z.number(), open: z.number() }),
  sliceMs: z.object({ closed: z.number(), open: z.number() }),
  warmUpSliceMs: z.number(),
  /** At most; fewer when CPU time per message has stopped falling. */
  warmUpRounds: z.number(),
  /** CPUs that others may have; a block is dropped above these. */
  tolerated: z.object({ stolenCpus: z.number(), foreignCpus: z.number() }),
});

export type GatePlan = z.infer<typeof gatePlan>;

export const defaultPlan: GatePlan = {
  // The fewest that can be significant are 2^-n: 14 are enough for 160 rows.
  blocks: { screen: 7, confirm: 14 },
  rounds: { closed: 4, open: 8 },
  sliceMs: { closed: 120, open: 50 }, // verdicts on who was the limit need 100 ms
  warmUpSliceMs: 80,
  warmUpRounds: 8,
  tolerated: { stolenCpus: 0.1, foreignCpus: 0.15 },
};

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
  /** What others may have; a block is dropped above these. */
  tolerated: z.object({ stolenCpus: z.number(), foreignCpus: z.number(), suspendedMs: z.number() }),
});

export type GatePlan = z.infer<typeof gatePlan>;

export const defaultPlan: GatePlan = {
  // The smallest p-value there is is 2^-n: 12 are enough for 40 rows.
  blocks: { screen: 7, confirm: 12 },
  rounds: { closed: 4, open: 6 },
  sliceMs: { closed: 100, open: 40 }, // verdicts on who was the limit need 100 ms
  warmUpSliceMs: 60,
  warmUpRounds: 8,
  tolerated: { stolenCpus: 0.1, foreignCpus: 0.15, suspendedMs: 100 },
};

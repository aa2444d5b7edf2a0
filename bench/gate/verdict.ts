import { z } from 'zod';

/** What the blocks of a row say about its effect. Effects are shares: 0.05 is 5 % worse. */
export const finding = z.object({
  /** From which blocks: the first few, or fresh ones after a suspicion. */
  stage: z.enum(['screen', 'confirm']),
  blocks: z.number().int().nonnegative(),
  /** Hodges-Lehmann estimate. */
  effect: z.number(),
  /** With 95 % confidence the effect is below this; null where there are too few blocks for a bound. */
  upperBound: z.number().nullable(),
  /** Of the one-sided signed-rank test; in `confirm` adjusted for the number of rows (Holm). */
  p: z.number(),
  /** The smallest effect that would have been called a regression 95 times in 100. */
  detectable: z.number().nullable(),
  /** Of base against base again, from confirming blocks. */
  control: z.object({ effect: z.number(), p: z.number() }).exactOptional(),
});

export type Finding = z.infer<typeof finding>;

/** What the gate says about a row. */
export const verdict = z.discriminatedUnion('state', [
  /** A slowdown of 5 % is excluded. */
  z.object({ state: z.literal('clean') }),
  z.object({ state: z.literal('regressed') }),
  /** Neither is shown. */
  z.object({ state: z.literal('inconclusive'), reason: z.string() }),
  z.object({ state: z.literal('invalid'), reason: z.string() }),
  z.object({ state: z.literal('not in base'), reason: z.string() }),
  /** A figure that the server does not decide. */
  z.object({ state: z.literal('shown only'), reason: z.string() }),
  /** Wrong, lost or duplicated replies, or a server that doesn't run: no speed to speak of. */
  z.object({ state: z.literal('failed'), reason: z.string() }),
]);

export type Verdict = z.infer<typeof verdict>;

import { median, medianInterval } from './order.ts';

/** Why a run has enough trials. */
export type Ending = 'precise' | 'budget' | 'trials';

export interface StoppingPlan {
  /** Every cell's interval must be narrower than this share of its median, to either side. */
  precision: number;
  budgetMs: number;
  /** Exactly so many rounds instead, however precise and however long. */
  trials?: number;
}

/** The fewest trials whose range holds the median with 95 %. */
const FIRST_LOOK = 6;
const GROWTH = 1.5;

/**
 * Decides after each round of trials, one a cell, whether another is needed. It looks at the widths of the intervals only
 * after 6, 9, 14, 21, … rounds, and believes narrow ones when two looks in a row find them: ending at the first favourable
 * look would end on intervals that are narrow by luck and hold the truth too seldom. (Simulated in the tests.)
 */
export class StoppingRule {
  readonly #plan: StoppingPlan;
  #nextLook = FIRST_LOOK;
  #narrow = 0;

  constructor(plan: StoppingPlan) {
    this.#plan = plan;
  }

  /** @param samples the main figure of every cell, one value a round; @param roundMs how long a round takes */
  after(
    rounds: number,
    samples: readonly (readonly number[])[],
    elapsedMs: number,
    roundMs = elapsedMs / rounds,
  ): Ending | undefined {
    const { trials, budgetMs } = this.#plan;
    if (trials !== undefined) return rounds >= trials ? 'trials' : undefined;
    if (rounds === this.#nextLook && this.#look(rounds, samples)) return 'precise';
    return elapsedMs + roundMs > budgetMs ? 'budget' : undefined;
  }

  #look(rounds: number, samples: readonly (readonly number[])[]): boolean {
    this.#nextLook = Math.ceil(rounds * GROWTH);
    this.#narrow = samples.every((values) => relativeWidth(values) <= this.#plan.precision) ? this.#narrow + 1 : 0;
    return this.#narrow === 2;
  }
}

/** Half the 95 % interval of the median as a share of the median; 0 for cells without figures. */
export function relativeWidth(values: readonly number[]): number {
  if (values.length === 0) return 0;
  const { low, high } = medianInterval(values);
  return (high - low) / 2 / median(values);
}

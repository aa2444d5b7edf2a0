import { defaultPlan } from '../../../bench/gate/plan.ts';
import { confirm, firstLook, screen, settlesEarly, type ConfirmingRow } from '../../../bench/gate/rule.ts';
import type { Verdict } from '../../../bench/gate/verdict.ts';
import { mulberry32 } from '../../../loadgen/random.ts';

export interface Simulation {
  models: number;
  /** Of each model; the noise of its rows is correlated by a half. */
  rows: number;
  /** Standard deviation of a block's log ratio of two arms. */
  deviation: number;
  noise: (random: () => number) => number;
  /** By how much the first row is slower, or the whole first model. */
  slowdown?: number;
  slowed?: 'row' | 'model';
}

/** One gate after the other, by the real rule, over noise of a known kind. */
export class SimulatedGates {
  readonly #simulation: Simulation;
  readonly #random: () => number;

  constructor(simulation: Simulation, seed: number) {
    this.#simulation = simulation;
    this.#random = mulberry32(seed);
  }

  /** The verdicts of a gate, those of each model in a row. */
  next(): Verdict['state'][][] {
    const { models, rows } = this.#simulation;
    const verdicts = Array.from({ length: models }, () => Array<Verdict['state']>(rows).fill('clean'));
    const open: { model: number; row: number; confirming: ConfirmingRow }[] = [];
    for (let model = 0; model < models; model += 1) {
      const screened = measured(this.#blocks(model, defaultPlan.blocks.screen, 2)).map(({ differences }) => screen(differences));
      const suspects = [...screened.keys()].filter((row) => !screened[row]!.settled);
      if (suspects.length === 0) continue;
      const fresh = this.#blocks(model, defaultPlan.blocks.confirm, 3);
      measured(suspects.map((row) => fresh[row]!)).forEach((confirming, index) => {
        open.push({ model, row: suspects[index]!, confirming });
      });
    }
    confirm(open.map(({ confirming }) => confirming)).forEach(({ verdict }, index) => {
      verdicts[open[index]!.model]![open[index]!.row] = verdict.state;
    });
    return verdicts;
  }

  /** How many of so many gates call a row regressed that `counts`. */
  regressed(gates: number, counts: (model: number, row: number) => boolean = () => true): number {
    let found = 0;
    for (let gate = 0; gate < gates; gate += 1) {
      const verdicts = this.next();
      if (verdicts.some((rows, model) => rows.some((state, row) => state === 'regressed' && counts(model, row)))) found += 1;
    }
    return found;
  }

  #blocks(model: number, count: number, arms: 2 | 3): ConfirmingRow[] {
    const { rows } = this.#simulation;
    const found = Array.from({ length: rows }, () => ({ differences: [] as number[], control: [] as number[] }));
    for (let block = 0; block < count; block += 1) {
      const shared = Array.from({ length: arms }, () => this.#draw());
      found.forEach(({ differences, control }, row) => {
        const [head, base, again = base] = shared.map((own) => (own + this.#draw()) * Math.SQRT1_2) as [number, number, number?];
        differences.push(head + this.#effect(model, row) - (base + again) / 2);
        control.push(base - again);
      });
    }
    return found;
  }

  /** Noise of one arm: a difference of two has `deviation`. */
  #draw(): number {
    const { noise, deviation } = this.#simulation;
    return noise(this.#random) * deviation * Math.SQRT1_2;
  }

  #effect(model: number, row: number): number {
    const { slowdown = 0, slowed = 'row' } = this.#simulation;
    return model === 0 && (slowed === 'model' || row === 0) ? Math.log1p(slowdown) : 0;
  }
}

/** What a stage measures of its blocks: all of them, unless those of the first look settle every row. */
function measured(rows: readonly ConfirmingRow[]): ConfirmingRow[] {
  const early = rows.map(({ differences, control }) => {
    const count = firstLook(differences.length);
    return { differences: differences.slice(0, count), control: control.slice(0, count) };
  });
  return early.every(({ differences }) => settlesEarly(differences)) ? early : [...rows];
}

import { describe, expect, test } from 'vitest';
import { mulberry32 } from '../../../loadgen/random.ts';
import { medianInterval } from '../../../bench/statistics/order.ts';
import { relativeWidth, StoppingRule } from '../../../bench/statistics/stopping.ts';

const MINUTE_MS = 60_000;
const steady = (rounds: number): number[] => Array.from({ length: rounds }, () => 100);
const unsteady = (rounds: number): number[] => Array.from({ length: rounds }, (_, round) => (round % 2 === 0 ? 50 : 150));

/** The round after which the rule ends, and why, for cells that are as given and rounds of a second. */
function outcome(plan: ConstructorParameters<typeof StoppingRule>[0], ...cells: ((rounds: number) => number[])[]): string {
  const rule = new StoppingRule(plan);
  for (let rounds = 1; rounds < 1000; rounds += 1) {
    const samples = cells.map((cell) => cell(rounds));
    const ending = rule.after(rounds, samples, rounds * 1000);
    if (ending !== undefined) return `${ending} after ${rounds}`;
  }
  return 'never';
}

describe('the rule by which a run ends', () => {
  test('ends when two looks in a row find every interval narrow, not at the first', () => {
    expect(outcome({ precision: 0.05, budgetMs: MINUTE_MS }, steady, steady)).toBe('precise after 9');
  });

  test('goes on for one cell that is not precise, until the budget is spent', () => {
    expect(outcome({ precision: 0.05, budgetMs: 20_500 }, steady, unsteady)).toBe('budget after 20');
  });

  test('forgets a narrow look when the next one is wide', () => {
    const luckyAtFirst = (rounds: number): number[] =>
      rounds <= 6 ? steady(rounds) : [...steady(6), ...unsteady(rounds - 6)].map((v, i) => (i % 3 ? v : 300));
    expect(outcome({ precision: 0.05, budgetMs: 13_500 }, luckyAtFirst)).toBe('budget after 13');
  });

  test('does not begin a round that the budget has no time for', () => {
    expect(outcome({ precision: 0.05, budgetMs: 2900 }, unsteady)).toBe('budget after 2');
  });

  test('ends after the trials that were asked for, however precise and however long', () => {
    expect(outcome({ precision: 0.05, budgetMs: 1, trials: 12 }, steady)).toBe('trials after 12');
  });

  test('does not wait for cells that have no figures', () => {
    expect(outcome({ precision: 0.05, budgetMs: MINUTE_MS }, steady, () => [])).toBe('precise after 9');
  });

  test.each([
    ['normal', (gauss: () => number) => 1 + 0.05 * gauss(), 1],
    ['skewed', (gauss: () => number) => Math.exp(0.08 * gauss()), 1],
    ['heavy-tailed', (gauss: () => number, uniform: () => number) => 1 + 0.05 * gauss() * (uniform() < 0.1 ? 6 : 1), 1],
  ])('ends on intervals that hold the true median at least 95 times of 100, with %s trials', (_, draw, truth) => {
    const uniform = mulberry32(11);
    const gauss = (): number => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()); // Box and Muller 1958
    const runs = 3000;
    let held = 0;
    for (let run = 0; run < runs; run += 1) {
      const rule = new StoppingRule({ precision: 0.03, budgetMs: 100_000 });
      const values: number[] = [];
      do values.push(draw(gauss, uniform));
      while (rule.after(values.length, [values], values.length * 1000) === undefined);
      const { low, high } = medianInterval(values);
      if (low <= truth && truth <= high) held += 1;
    }
    expect(held / runs).toBeGreaterThan(0.95 - 3 * Math.sqrt((0.95 * 0.05) / runs));
  });
});

describe('the relative width of an interval', () => {
  test('is half of it, over the median', () => {
    expect(relativeWidth([90, 100, 110])).toBeCloseTo(0.1);
  });
});

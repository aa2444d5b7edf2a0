import { describe, expect, test } from 'vitest';
import { planCells, schedule, workloadTitle } from '../../../bench/plan.ts';
import { workloads } from '../../../loadgen/workload.ts';

const cells = planCells(['event-loop', 'cluster'], await workloads.all());

describe('a plan', () => {
  test('has a cell for each model and each variant of each workload', async () => {
    const variants = (await workloads.all()).flatMap((workload) => workload.variants);
    expect(cells).toHaveLength(2 * variants.length);
    expect(new Set(cells.map(({ title }) => title)).size).toBe(cells.length);
  });

  test('measures every cell once a round', () => {
    const trials = schedule(cells, 3, 1);
    for (const round of [0, 1, 2]) {
      const titles = trials.filter((trial) => trial.round === round).map(({ cell }) => cell.title);
      expect(titles.toSorted()).toEqual(cells.map(({ title }) => title).toSorted());
    }
    expect(trials.map(({ round }) => round)).toEqual([0, 1, 2].flatMap((round) => cells.map(() => round)));
  });

  test('has the same order with the same seed, and another with another', () => {
    const order = (seed: number): string[] => schedule(cells, 3, seed).map(({ cell }) => cell.title);
    expect(order(5)).toEqual(order(5));
    expect(order(5)).not.toEqual(order(6));
  });

  test('gives every cell the same chance to be first', () => {
    const SEEDS = 400 * cells.length;
    const first = Array.from({ length: SEEDS }, (_, seed) => schedule(cells, 1, seed)[0]!.cell.title);
    // Binomial(SEEDS, 1 / cells.length): a standard deviation of just under 20.
    for (const { title } of cells) expect(Math.abs(first.filter((each) => each === title).length - 400)).toBeLessThan(4 * 20);
  });

  test('names what sets a row apart', () => {
    expect(workloadTitle('echo', { connections: 64 })).toBe('echo ×64');
    expect(workloadTitle('hash', { connections: 16, pipelining: 4, work: 500 })).toBe('hash ×16, depth 4, work 500');
  });
});

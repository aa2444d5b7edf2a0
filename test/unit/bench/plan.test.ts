import { describe, expect, test } from 'vitest';
import { planCells, rounds, workloadTitle } from '../../../bench/plan.ts';
import type { Subject } from '../../../bench/subjects.ts';
import { workloads } from '../../../loadgen/workload.ts';

const subject = (name: string, runs: Subject['runs'] = () => true): Subject => ({
  name,
  kind: 'model',
  runs,
  obstacle: async () => undefined,
  command: async () => [name],
});

const firstRounds = (seed: number): string[][] => {
  const endless = rounds(cells, seed);
  return Array.from({ length: 3 }, () => endless.next().value.map(({ title }) => title));
};

const cells = planCells([subject('event-loop'), subject('cluster')], await workloads.all());

describe('a plan', () => {
  test('has a cell for each model and each variant of each workload', async () => {
    const variants = (await workloads.all()).flatMap((workload) => workload.variants);
    expect(cells).toHaveLength(2 * variants.length);
    expect(new Set(cells.map(({ title }) => title)).size).toBe(cells.length);
  });

  test('leaves out what a server can not run', async () => {
    const onlyEcho = subject('c', (app) => app === 'echo');
    const planned = planCells([onlyEcho], await workloads.all());
    expect(planned.length).toBeGreaterThan(0);
    expect(planned.every(({ workload }) => workload.app === 'echo')).toBe(true);
  });

  test('measures every cell once a round', () => {
    for (const round of firstRounds(1)) expect(round.toSorted()).toEqual(cells.map(({ title }) => title).toSorted());
  });

  test('has the same order with the same seed, and another with another', () => {
    expect(firstRounds(5)).toEqual(firstRounds(5));
    expect(firstRounds(5)).not.toEqual(firstRounds(6));
  });

  test('has another order in each round', () => {
    const [first, second, third] = firstRounds(5);
    expect(first).not.toEqual(second);
    expect(second).not.toEqual(third);
  });

  test('gives every cell the same chance to be first', () => {
    const SEEDS = 400 * cells.length;
    const first = Array.from({ length: SEEDS }, (_, seed) => firstRounds(seed)[0]![0]!);
    // Binomial(SEEDS, 1 / cells.length): a standard deviation of just under 20.
    for (const { title } of cells) expect(Math.abs(first.filter((each) => each === title).length - 400)).toBeLessThan(4 * 20);
  });

  test('names what sets a row apart', () => {
    expect(workloadTitle('echo', { connections: 64 })).toBe('echo ×64');
    expect(workloadTitle('hash', { connections: 16, pipelining: 4, work: 500 })).toBe('hash ×16, depth 4, work 500');
    expect(workloadTitle('mixed', { connections: 8, active: 4, delayMs: 20, slowShare: 0.05 })).toBe(
      'mixed ×8, 4 active, 20 ms, 5 % slow',
    );
  });
});

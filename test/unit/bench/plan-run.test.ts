/** What a run measures. */
import { expect, test } from 'vitest';
import { planRun } from '../../../bench/run.ts';
import { workloads } from '../../../loadgen/workload.ts';

const plan = (names?: string[]): ReturnType<typeof planRun> =>
  planRun({
    subjects: { models: ['event-loop'], servers: [], references: false },
    ...(names && { workloads: names }),
    framing: 'length',
    durationMs: 100,
    warmupMs: 0,
    plan: { precision: 0.05, budgetMs: 1000 },
    seed: 1,
  });
const named = ({ cells }: Awaited<ReturnType<typeof planRun>>): string[] => [
  ...new Set(cells.map(({ workload }) => workload.name)),
];

test('without names a few variants of a few workloads, a look at each server, and what losing a process does', async () => {
  const { cells, looks, losers } = await plan();
  expect(cells).toHaveLength(3);
  expect(looks.map(({ workload }) => workload.name)).toEqual(['timeline']);
  expect(losers.map(({ name }) => name)).toEqual(['event-loop']);
});

test('named workloads in all their variants, and nothing else', async () => {
  const { cells, looks, losers } = await plan(['connections']);
  expect(cells.map(({ knobs }) => knobs.connections)).toEqual([1, 8, 64, 512]);
  expect([...looks, ...losers]).toEqual([]);
});

test('all: every workload in all its variants, and what no row shows', async () => {
  const planned = await plan(['all']);
  const rows = (await workloads.all()).filter(({ variants, moreVariants = [] }) => variants.length + moreVariants.length > 0);
  const withoutWorkers = rows.map(({ name }) => name).filter((name) => name !== 'workers'); // a single loop has none
  expect(named(planned)).toEqual(withoutWorkers);
  expect(planned.looks).toHaveLength(1);
  expect(planned.losers).toHaveLength(1);
});

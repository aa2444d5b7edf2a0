/** Screen, confirmation and rows, over blocks that are played. */
import { expect, test } from 'vitest';
import { compare, type Compared, type MeasureBlock } from '../../../bench/gate/compare.ts';
import type { Contestant } from '../../../bench/gate/arm.ts';
import { overallOf } from '../../../bench/gate/result.ts';
import { defaultPlan } from '../../../bench/gate/plan.ts';
import { SockbenchError } from '../../../errors/sockbench-error.ts';
import { mulberry32 } from '../../../loadgen/random.ts';
import { contestant, player } from './played-blocks.ts';

const silent = { blockEnds: () => {}, confirms: () => {} };
const run = (contestants: readonly Contestant[], measure: MeasureBlock): Promise<Compared> =>
  compare(contestants, { plan: defaultPlan, measure, random: mulberry32(1), observer: silent, isOver: () => false });
const statesOf = ({ rows }: Compared, name: string): string[] =>
  rows.filter((row) => row.contestant === name).map(({ verdict: { state } }) => state);
const stages = ({ blocks }: Compared, name: string): string[] =>
  blocks.filter((block) => block.contestant === name).map(({ stage }) => stage);

const SCREENED = Array(defaultPlan.blocks.screen).fill('screen');
const CONFIRMED = [...SCREENED, ...Array(defaultPlan.blocks.confirm).fill('confirm')];

test('a server that is as fast as before is clean after the first blocks; its p99 is only shown', async () => {
  const found = await run([contestant('same')], player({}));
  expect(statesOf(found, 'same')).toEqual(['clean', 'clean', 'clean', 'clean', 'shown only']);
  expect(stages(found, 'same')).toEqual(SCREENED);
  expect(overallOf(found.rows)).toBe('clean');
});

test('a server that became 5 % slower is regressed, by fresh blocks alone; the others are not measured again', async () => {
  const found = await run([contestant('slower'), contestant('same')], player({ slower: 0.05 }));
  expect(statesOf(found, 'slower')).toEqual(['regressed', 'regressed', 'regressed', 'regressed', 'shown only']);
  expect(stages(found, 'slower')).toEqual(CONFIRMED);
  expect(stages(found, 'same')).toEqual(SCREENED);
  const { finding } = found.rows[0]!;
  expect(finding).toMatchObject({ stage: 'confirm', blocks: defaultPlan.blocks.confirm });
  expect(finding!.effect).toBeCloseTo(0.05, 2);
  expect(overallOf(found.rows)).toBe('regressed');
});

test('a server that became faster is clean', async () => {
  const found = await run([contestant('faster')], player({ faster: -0.2 }));
  expect(statesOf(found, 'faster').slice(0, 4)).toEqual(['clean', 'clean', 'clean', 'clean']);
});

test('a suspicion that fresh blocks do not bear out is clean', async () => {
  const found = await run(
    [contestant('lucky')],
    player({}, (block) =>
      block.stage === 'confirm' ? block : { ...block, arms: { ...block.arms, head: scaled(block.arms.head!, 1.06) } },
    ),
  );
  expect(stages(found, 'lucky')).toEqual(CONFIRMED);
  expect(statesOf(found, 'lucky').slice(0, 4)).toEqual(['clean', 'clean', 'clean', 'clean']);
});

test('what base lacks has no verdict, and is not measured', async () => {
  const found = await run([contestant('new', { notInBase: 'base has none' })], player({}));
  expect(new Set(statesOf(found, 'new'))).toEqual(new Set(['not in base']));
  expect(found.blocks).toEqual([]);
  expect(overallOf(found.rows)).toBe('clean');
});

test('throughput that the load generator decided is only shown', async () => {
  const found = await run(
    [contestant('fast')],
    player({}, (block) => ({ ...block, clientLimited: 0.75 })),
  );
  expect(statesOf(found, 'fast')).toEqual(['clean', 'shown only', 'clean', 'clean', 'shown only']);
});

test('a figure that the system does not tell is only shown', async () => {
  const without = player({}, (block) => ({
    ...block,
    arms: Object.fromEntries(Object.entries(block.arms).map(([title, { throughput, p50 }]) => [title, { throughput, p50 }])),
  }));
  expect(statesOf(await run([contestant('elsewhere')], without), 'elsewhere')[0]).toBe('shown only');
});

test('disturbed blocks are dropped and measured again, up to a quarter of all', async () => {
  const two = player({}, (block, number) => (number < 2 ? { ...block, dropped: 'noise' } : block));
  const found = await run([contestant('a')], two);
  expect(found.blocks).toHaveLength(defaultPlan.blocks.screen + 2);
  expect(statesOf(found, 'a')[0]).toBe('clean');
});

test('with more than a quarter disturbed the server has no verdict', async () => {
  const three = player({}, (block, number) => (number < 3 ? { ...block, dropped: 'noise' } : block));
  const found = await run([contestant('a')], three);
  expect(found.blocks).toHaveLength(3);
  expect(new Set(statesOf(found, 'a'))).toEqual(new Set(['invalid']));
  expect(found.rows[0]!.verdict).toMatchObject({ reason: '3 of 3 blocks were disturbed: noise' });
  expect(overallOf(found.rows)).toBe('invalid');
});

test('wrong replies fail a server at once, whatever its speed, and outweigh a regression', async () => {
  let measured = 0;
  const good = player({ slower: 0.1 });
  const found = await run([contestant('wrong'), contestant('slower')], async (own, stage) => {
    if (own.name === 'slower') return good(own, stage);
    measured += 1;
    throw new SockbenchError('E_WRONG_REPLIES', 'head: expected every message to be answered rightly, got 1 corrupt');
  });
  expect(measured).toBe(1);
  expect(new Set(statesOf(found, 'wrong'))).toEqual(new Set(['failed']));
  expect(statesOf(found, 'slower')[0]).toBe('regressed');
  expect(overallOf(found.rows)).toBe('failed');
});

function scaled(figures: NonNullable<Awaited<ReturnType<MeasureBlock>>['arms']['head']>, factor: number): typeof figures {
  const entries = Object.entries(figures).map(([name, value]) => [name, name === 'throughput' ? value / factor : value * factor]);
  return Object.fromEntries(entries) as typeof figures;
}

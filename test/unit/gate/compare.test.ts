/** Screen, confirmation and rows, over blocks that are played. */
import { expect, test } from 'vitest';
import { compare, type Compared, type CompareMeans, type MeasureBlock } from '../../../bench/gate/compare.ts';
import type { Contestant } from '../../../bench/gate/arm.ts';
import { overallOf, type BlockRecord } from '../../../bench/gate/result.ts';
import { defaultPlan } from '../../../bench/gate/plan.ts';
import { firstLook } from '../../../bench/gate/rule.ts';
import { SockbenchError } from '../../../errors/sockbench-error.ts';
import { mulberry32 } from '../../../loadgen/random.ts';
import { contestant, player } from './played-blocks.ts';

const silent = { blockEnds: () => {}, confirms: () => {} };
const run = (
  contestants: readonly Contestant[],
  measure: MeasureBlock,
  plan: CompareMeans['plan'] = defaultPlan,
): Promise<Compared> => compare(contestants, { plan, measure, random: mulberry32(1), observer: silent, isOver: () => false });
const statesOf = ({ rows }: Compared, name: string): string[] =>
  rows.filter((row) => row.contestant === name).map(({ verdict: { state } }) => state);
const stages = ({ blocks }: Compared, name: string): string[] =>
  blocks.filter((block) => block.contestant === name).map(({ stage }) => stage);

const { screen, confirm } = defaultPlan.blocks;
/** How the stages of a server look that has so many blocks in each. */
const blocksIn = (screening: number, confirming = 0): string[] => [
  ...Array<string>(screening).fill('screen'),
  ...Array<string>(confirming).fill('confirm'),
];

test('a server that is as fast as before is clean after the first blocks; its p99 is only shown', async () => {
  const found = await run([contestant('same')], player({}));
  expect(statesOf(found, 'same')).toEqual(['clean', 'clean', 'clean', 'clean', 'shown only']);
  expect(stages(found, 'same')).toEqual(blocksIn(screen));
  expect(overallOf(found.rows)).toBe('clean');
});

test('a screen of many blocks is over at the first look where all rows are settled then', async () => {
  const plan = { blocks: { screen: 20, confirm: 20 } };
  const found = await run([contestant('same'), contestant('slower')], player({ slower: 0.05 }), plan);
  expect(stages(found, 'same')).toEqual(blocksIn(10));
  expect(stages(found, 'slower')).toEqual(blocksIn(20, 20));
});

test('a server that became 5 % slower is regressed, by fresh blocks alone; the others are not measured again', async () => {
  const found = await run([contestant('slower'), contestant('same')], player({ slower: 0.05 }));
  expect(statesOf(found, 'slower')).toEqual(['regressed', 'regressed', 'regressed', 'regressed', 'shown only']);
  expect(stages(found, 'slower')).toEqual(blocksIn(screen, confirm));
  expect(stages(found, 'same')).toEqual(blocksIn(screen));
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
    player({}, (block) => (block.stage === 'confirm' ? block : scaleHead(block, 1.06))),
  );
  expect(stages(found, 'lucky')).toEqual(blocksIn(screen, firstLook(confirm)));
  expect(found.rows[0]!.finding).toMatchObject({ stage: 'confirm', blocks: firstLook(confirm) });
  expect(statesOf(found, 'lucky').slice(0, 4)).toEqual(['clean', 'clean', 'clean', 'clean']);
});

test('only the loops are measured again of which a row is open', async () => {
  const slowTail = player({}, (block) => ({
    ...block,
    arms: { ...block.arms, head: { ...block.arms.head, p90: block.arms.head!.p90! * 1.08 } },
  }));
  const found = await run([contestant('tail')], slowTail);
  expect(statesOf(found, 'tail')).toEqual(['clean', 'clean', 'clean', 'regressed', 'shown only']);
  expect(stages(found, 'tail')).toEqual(blocksIn(screen, confirm));
  const measured = found.blocks.map(({ stage, arms }) => `${stage} ${Object.keys(arms.head!).join(' ')}`);
  expect(new Set(measured)).toEqual(new Set(['screen cpu throughput p50 p90 p99', 'confirm p50 p90 p99']));
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
  expect(found.blocks).toHaveLength(screen + 2);
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
  const found = await run([contestant('wrong'), contestant('slower')], async (own, stage, loops) => {
    if (own.name === 'slower') return good(own, stage, loops);
    measured += 1;
    throw new SockbenchError('E_WRONG_REPLIES', 'head: expected every message to be answered rightly, got 1 corrupt');
  });
  expect(measured).toBe(1);
  expect(new Set(statesOf(found, 'wrong'))).toEqual(new Set(['failed']));
  expect(statesOf(found, 'slower')[0]).toBe('regressed');
  expect(overallOf(found.rows)).toBe('failed');
});

/** The same block, of a head that costs so many times as much. */
function scaleHead(block: BlockRecord, factor: number): BlockRecord {
  const entries = Object.entries(block.arms.head!).map(([name, value]) => [
    name,
    name === 'throughput' ? value / factor : value * factor,
  ]);
  return { ...block, arms: { ...block.arms, head: Object.fromEntries(entries) } };
}

/** From gates with known slowdowns to rates of alarms, over blocks that are played. */
import { describe, expect, test } from 'vitest';
import { operatingCurve } from '../../../bench/gate/operating-curve.ts';
import { loops } from '../../../bench/gate/metrics.ts';
import { defaultPlan } from '../../../bench/gate/plan.ts';
import type { BlockRecord } from '../../../bench/gate/result.ts';
import type { SelfTest, TestedGate } from '../../../bench/gate/self-test.ts';
import { contestant, player } from './played-blocks.ts';

/** So many blocks of a server that head makes slower. */
async function blocksOf(name: string, slowdown: number, counts = defaultPlan.blocks): Promise<BlockRecord[]> {
  const measure = player({ [name]: slowdown });
  const blocks: BlockRecord[] = [];
  for (const stage of ['screen', 'confirm'] as const)
    for (let number = 0; number < counts[stage]; number += 1) blocks.push(await measure(contestant(name), stage, loops));
  return blocks;
}

const gate = (effect: number, rest: Partial<TestedGate> = {}): TestedGate => ({
  effect,
  slowed: 'a',
  verdict: 'clean',
  regressed: [],
  durationMs: 60_000,
  blocks: [],
  ...rest,
});
const found = (gates: TestedGate[], rest: Partial<SelfTest> = {}): SelfTest => ({
  seed: 1,
  models: ['a'],
  plan: defaultPlan,
  equal: [],
  gates,
  ...rest,
});
const detected = { verdict: 'regressed', regressed: ['a'] } as const;
const seen = (effect: number): TestedGate => gate(effect, { verdict: 'regressed', regressed: ['a'] });

describe('real gates', () => {
  test('those that were not valid are told among the verdicts, and count neither as alarm nor as gate', async () => {
    const gates = [gate(0), gate(0, { ...detected, regressed: ['a'] }), gate(0, { verdict: 'invalid', durationMs: 30_000 })];
    const [point, ...more] = await operatingCurve(found(gates));
    expect(more).toEqual([]); // nothing is said of slowdowns that were not tried
    expect(point).toMatchObject({ effect: 0, alarms: 1, gates: 2, verdicts: { clean: 1, regressed: 1, invalid: 1 } });
    expect(point!.meanDurationMs).toBe(50_000);
    // Of two gates at least one alarm, 1 - (1 - p)² = 5 %; at most one, 1 - p² = 5 %.
    expect(point!.atLeast).toBeCloseTo(1 - Math.sqrt(0.95), 9);
    expect(point!.atMost).toBeCloseTo(Math.sqrt(0.95), 9);
  });

  test('299 gates without an alarm bound alarms at 1 %, 59 detections of 59 bound detection at 95 %', async () => {
    const [quiet, slow] = await operatingCurve(found([...Array(299).fill(gate(0)), ...Array(59).fill(seen(0.05))]));
    expect(quiet).toMatchObject({ atLeast: 0, atMost: expect.closeTo(1 - 0.05 ** (1 / 299), 9) });
    expect(quiet!.atMost).toBeLessThan(0.01);
    expect(slow).toMatchObject({ atMost: 1, atLeast: expect.closeTo(0.05 ** (1 / 59), 9) });
    expect(slow!.atLeast).toBeGreaterThan(0.95);
  });

  test('an alarm about another server than the slow one is no detection', async () => {
    const [point] = await operatingCurve(found([gate(0.05, { verdict: 'regressed', regressed: ['b'] })], { models: ['a', 'b'] }));
    expect(point).toMatchObject({ alarms: 0, gates: 1 });
  });

  test('where no gate was valid, nothing is known of the rate', async () => {
    const [point] = await operatingCurve(found([gate(0, { verdict: 'invalid' })]));
    expect(point).toMatchObject({ alarms: 0, gates: 0, atLeast: 0, atMost: 1 });
  });
});

describe('the injected share, as CPU time per message shows it', () => {
  test("is the Hodges-Lehmann estimate over the slow server's blocks, without those that were dropped", async () => {
    const blocks = [...(await blocksOf('a', 0.05)), ...(await blocksOf('b', 0)), ...(await blocksOf('a', 0.8)).map(drop)];
    const [point] = await operatingCurve(found([gate(0.05, { blocks })], { models: ['a', 'b'] }));
    expect(point!.measuredEffect).toBeCloseTo(0.05, 2);
  });

  test('is told by the blocks of closed loops, where others are of open ones alone', async () => {
    const [first, ...rest] = await blocksOf('a', 0.05);
    const open = { ...first!, arms: { base: { p50: 1 }, head: { p50: 1 } } };
    const [point] = await operatingCurve(found([gate(0.05, { blocks: [open, ...rest] })]));
    expect(point!.measuredEffect).toBeCloseTo(0.05, 2);
  });

  test('is not known where the system tells no CPU time', async () => {
    const blocks = (await blocksOf('a', 0.05)).map((block) => ({ ...block, arms: { base: { p50: 1 }, head: { p50: 1 } } }));
    expect((await operatingCurve(found([gate(0.05, { blocks })])))[0]!.measuredEffect).toBeNull();
  });
});

describe('synthetic gates', () => {
  test('are drawn from blocks of equal servers for alarms, and for detection with those of the slow server', async () => {
    const plan = { ...defaultPlan, blocks: { screen: 7, confirm: 14 } };
    const equal = [...(await blocksOf('a', 0, plan.blocks)), ...(await blocksOf('b', 0, plan.blocks))];
    const slow = gate(0.1, { ...detected, regressed: ['a'], blocks: await blocksOf('a', 0.1, plan.blocks) });
    const points = await operatingCurve(found([gate(0), slow], { models: ['a', 'b'], plan, equal }));
    expect(points.map(({ resampled }) => resampled)).toMatchObject([
      { alarms: 0, gates: 1000 },
      { alarms: expect.closeTo(1000, -1), gates: 1000 }, // a control may differ by chance
    ]);
  });

  test('follow from the seed', async () => {
    const noisy = (await blocksOf('a', 0.03)).map((block, number) => scaleHead(block, 1 + 0.1 * Math.sin(number)));
    const curve = (seed: number): ReturnType<typeof operatingCurve> => operatingCurve(found([gate(0)], { seed, equal: noisy }));
    const [once, again, otherwise] = [await curve(1), await curve(1), await curve(2)];
    expect(again).toEqual(once);
    expect(otherwise[0]!.resampled!.alarms).not.toBe(once[0]!.resampled!.alarms);
  });

  test('are not drawn from fewer usable blocks than one gate takes', async () => {
    const enough = await blocksOf('a', 0);
    const of = async (equal: BlockRecord[]): Promise<unknown> => (await operatingCurve(found([gate(0)], { equal })))[0]!.resampled;
    expect(await of(enough)).not.toBeNull();
    expect(await of(enough.slice(1))).toBeNull();
    expect(await of(enough.map((block, number) => (number === 0 ? drop(block) : block)))).toBeNull();
  });
});

const drop = (block: BlockRecord): BlockRecord => ({ ...block, dropped: 'other programs took 0.50 CPUs' });

function scaleHead(block: BlockRecord, factor: number): BlockRecord {
  return { ...block, arms: { ...block.arms, head: { ...block.arms.head, cpu: block.arms.head!.cpu! * factor } } };
}

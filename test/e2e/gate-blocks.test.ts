/** Blocks of a gate, measured one after the other by the same load generators. */
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { defaultPlan } from '../../bench/gate/plan.ts';
import type { BlockRecord } from '../../bench/gate/result.ts';
import { mulberry32 } from '../../loadgen/random.ts';

const inDist = async <Module>(path: string): Promise<Module> =>
  (await import(new URL(`../../dist/bench/${path}.js`, import.meta.url).href)) as Module;
const { modelContestants } = await inDist<typeof import('../../bench/gate/contestants.ts')>('gate/contestants');
const { baseAndHead, measuringBlocks, ownLoadGenerator } =
  await inDist<typeof import('../../bench/gate/measure.ts')>('gate/measure');

/** Too short to decide anything. */
const plan = { ...defaultPlan, rounds: { closed: 2, open: 2 }, warmUpRounds: 1 };
const settings = { framing: 'line', sizeBytes: 32, plan, loadGenerator: ownLoadGenerator, arms: baseAndHead };

test('models are measured in turn whose connections are more and fewer', async () => {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const contestants = await modelContestants({ base: root, head: root }, ['event-loop', 'blocking']);
  const blocks = await measuringBlocks(settings, mulberry32(1), new AbortController().signal, async (measure) => {
    const measured: BlockRecord[] = [];
    for (const contestant of [...contestants, ...contestants])
      measured.push(await measure(contestant, 'screen', ['closed', 'open']));
    return measured;
  });
  expect(blocks.map(({ contestant }) => contestant)).toEqual([...contestants, ...contestants].map(({ name }) => name));
  for (const { arms } of blocks) expect(arms.base!.throughput).toBeGreaterThan(0);
});

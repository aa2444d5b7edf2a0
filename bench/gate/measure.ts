import { fileURLToPath } from 'node:url';
import { workloads } from '../../loadgen/workload.ts';
import { placementFor } from '../placement.ts';
import { shuffle } from '../statistics/shuffle.ts';
import { startingAgain } from '../subjects.ts';
import type { Arm, Contestant } from './arm.ts';
import { measureBlock } from './block.ts';
import type { MeasureBlock, Stage } from './compare.ts';
import { reasonToDrop } from './disturbance.ts';
import { LoadGenerator } from './load-generator.ts';
import type { GatePlan } from './plan.ts';
import { clientLimitedShare, figuresOf } from './rows.ts';

/** Where a load generator's code lives. */
export const LOAD_GENERATOR_FOLDERS = ['loadgen', 'framing', 'posix', 'plugins', 'errors'] as const;
/** The entry of this package's own. */
export const ownLoadGenerator = fileURLToPath(new URL('../../loadgen/standing.js', import.meta.url));

export interface MeasureSettings {
  framing: string;
  sizeBytes: number;
  loadGenerator: string;
  plan: GatePlan;
  /** What a block measures in turn. */
  arms(contestant: Contestant, stage: Stage): Arm[];
  /** Of the open loop, by contestant, messages per second: where there is none, the first block finds it. */
  rates?: Map<string, number>;
}

/** Base against head; to confirm with base again as a third arm. */
export function baseAndHead({ base, head }: Contestant, stage: Stage): Arm[] {
  return stage === 'screen' ? [base, head] : [base, head, { ...base, title: 'base again' }];
}

/**
 * Hands over what measures blocks, which of whose arms is started first is drawn. One load generator measures all that have as many
 * connections, and ends with `use`: a fresh one is cold for longer than a block takes.
 */
export async function measuringBlocks<T>(
  settings: MeasureSettings,
  random: () => number,
  signal: AbortSignal,
  use: (measure: MeasureBlock) => Promise<T>,
): Promise<T> {
  const placement = placementFor(await workloads.load('echo'));
  const { rates = new Map<string, number>() } = settings;
  const generators = new Map<number, LoadGenerator>();
  const generatorFor = (connections: number): LoadGenerator => {
    const generator = generators.get(connections) ?? new LoadGenerator(settings.loadGenerator, placement.clientCpus);
    generators.set(connections, generator);
    return generator;
  };
  const measure: MeasureBlock = async (contestant, stage, loops) => {
    const arms = shuffle(settings.arms(contestant, stage), random);
    const { connections } = contestant;
    const rate = rates.get(contestant.name);
    const own = { ...settings, placement, connections, ...(rate !== undefined && { rate }) };
    const means = { generator: generatorFor(connections), random, signal };
    const block = await startingAgain(() => measureBlock(arms, own, loops, means));
    rates.set(contestant.name, block.rate);
    const dropped = reasonToDrop(block.disturbance, settings.plan.tolerated);
    const titles = arms.map(({ title }) => title);
    return {
      stage,
      contestant: contestant.name,
      arms: figuresOf(block, titles),
      clientLimited: clientLimitedShare(block.slices[Math.max(0, titles.indexOf('base'))]!),
      rate: block.rate,
      warmUpRounds: block.warmUpRounds,
      ...(block.disturbance && { disturbance: block.disturbance }),
      ...(dropped !== undefined && { dropped }),
    };
  };
  try {
    return await use(measure);
  } finally {
    await Promise.all(Array.from(generators.values(), (generator) => generator.end()));
  }
}

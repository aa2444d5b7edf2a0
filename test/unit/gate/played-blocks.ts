import type { Contestant } from '../../../bench/gate/arm.ts';
import type { MeasureBlock } from '../../../bench/gate/compare.ts';
import type { BlockRecord } from '../../../bench/gate/result.ts';
import { mulberry32 } from '../../../loadgen/random.ts';
import { normal } from './noise.ts';

export function contestant(name: string, rest: Partial<Contestant> = {}): Contestant {
  const command = async (): Promise<string[]> => [];
  return { name, base: { title: 'base', command }, head: { title: 'head', command }, connections: 1, ...rest };
}

/** A block of a server whose messages cost 10 µs at base, and so much more at head. */
export function playedBlock(
  name: string,
  stage: BlockRecord['stage'],
  slowdown: number,
  random: () => number,
  noise = 0.005,
): BlockRecord {
  const arm = (factor: number): NonNullable<BlockRecord['arms']['base']> => {
    const vary = (figure: number): number => figure * factor * Math.exp(noise * normal(random));
    return { cpu: vary(10_000), throughput: 1e9 / vary(10_000), p50: vary(50_000), p90: vary(90_000), p99: vary(500_000) };
  };
  const arms = { base: arm(1), head: arm(1 + slowdown), ...(stage === 'confirm' && { 'base again': arm(1) }) };
  return { stage, contestant: name, arms, clientLimited: 0, rate: 1000, warmUpRounds: 3 };
}

/** Plays blocks, each server with its own slowdown; `change` makes them what a test wants. */
export function player(
  slowdowns: Record<string, number>,
  change: (block: BlockRecord, number: number) => BlockRecord = (block) => block,
): MeasureBlock {
  const random = mulberry32(3);
  let number = 0;
  return async ({ name }, stage) => change(playedBlock(name, stage, slowdowns[name] ?? 0, random), number++);
}

import type { Contestant } from '../../../bench/gate/arm.ts';
import type { MeasureBlock } from '../../../bench/gate/compare.ts';
import { metrics, type LoopKind, type MetricName } from '../../../bench/gate/metrics.ts';
import type { BlockRecord } from '../../../bench/gate/result.ts';

export function contestant(name: string, rest: Partial<Contestant> = {}): Contestant {
  const command = async (): Promise<string[]> => [];
  return { name, base: { title: 'base', command }, head: { title: 'head', command }, connections: 1, ...rest };
}

type Figures = NonNullable<BlockRecord['arms']['base']>;

/** A server whose messages cost 10 µs, times a factor. */
function figures(factor: number): Figures {
  return { cpu: 10_000 * factor, throughput: 1e5 / factor, p50: 50_000 * factor, p90: 90_000 * factor, p99: 500_000 * factor };
}

/** Noise that favours neither side: now above and now below, no two alike. */
const wobble = (size: number, number: number): number => Math.exp((number % 2 === 0 ? 1 : -1) * size * (1 + number / 10));

/** The block of this number of a server that head makes so much slower. */
export function playedBlock(contestantName: string, stage: BlockRecord['stage'], slowdown: number, number: number): BlockRecord {
  const arms: BlockRecord['arms'] = { base: figures(1), head: figures((1 + slowdown) * wobble(0.004, number)) };
  if (stage === 'confirm') arms['base again'] = figures(wobble(0.002, number));
  return { stage, contestant: contestantName, arms, clientLimited: 0, rate: 1000, warmUpRounds: 3 };
}

/** Plays blocks, each server with its own slowdown; `change` makes them what a test wants. */
export function player(
  slowdowns: Record<string, number>,
  change: (block: BlockRecord, number: number) => BlockRecord = (block) => block,
): MeasureBlock {
  const played = new Map<string, number>();
  return async ({ name }, stage, loops) => {
    const number = played.get(`${name} ${stage}`) ?? 0;
    played.set(`${name} ${stage}`, number + 1);
    return overLoops(change(playedBlock(name, stage, slowdowns[name] ?? 0, number), number), loops);
  };
}

/** The same block with the figures of these loops alone. */
function overLoops(block: BlockRecord, loops: readonly LoopKind[]): BlockRecord {
  const measured = ([name]: [string, number]): boolean => loops.includes(metrics[name as MetricName].loop);
  const arms = Object.entries(block.arms).map(([title, own]) => [title, Object.fromEntries(Object.entries(own).filter(measured))]);
  return { ...block, arms: Object.fromEntries(arms) };
}

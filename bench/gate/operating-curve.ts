import { mulberry32 } from '../../loadgen/random.ts';
import { clopperPearson } from '../statistics/clopper-pearson.ts';
import { hodgesLehmann } from '../statistics/signed-rank.ts';
import { compare, type MeasureBlock } from './compare.ts';
import type { Contestant } from './arm.ts';
import { metricNames, type MetricName } from './metrics.ts';
import { overallOf, type BlockRecord, type Overall } from './result.ts';
import { differencesOf } from './rows.ts';
import { rule } from './rule.ts';
import { effects, type SelfTest } from './self-test.ts';

/** How gates with one injected slowdown ended. */
export interface Point {
  effect: number;
  /** The injected share as CPU time per message shows it, over all blocks; null where that is not known. */
  measuredEffect: number | null;
  verdicts: Partial<Record<Overall, number>>;
  /** Alarms among the gates that were valid, with exact one-sided 95 % bounds. */
  alarms: number;
  valid: number;
  atLeast: number;
  atMost: number;
  meanDurationMs: number;
  /** Share of alarms among synthetic gates, drawn with replacement from the blocks above; null where these are too few. */
  resampledAlarms: number | null;
}

export interface Spread {
  model: string;
  metric: MetricName;
  /** Standard deviation of the log ratios of equal servers' blocks. */
  deviation: number;
  blocks: number;
}

const SYNTHETIC_GATES = 1000;

export async function operatingCurve({ gates, models, seed }: SelfTest): Promise<Point[]> {
  const points: Point[] = [];
  for (const effect of effects) {
    const own = gates.filter((gate) => gate.effect === effect);
    if (own.length === 0) continue;
    const count = (verdict: Overall): number => own.filter((gate) => gate.verdict === verdict).length;
    const verdicts = Object.fromEntries(
      [...new Set(own.map(({ verdict }) => verdict))].map((verdict) => [verdict, count(verdict)]),
    );
    const valid = own.length - count('invalid') - count('failed');
    const blocks = usable(own.flatMap((gate) => gate.blocks));
    const cpu = differencesOf(blocks, 'cpu')?.differences ?? [];
    points.push({
      effect,
      measuredEffect: cpu.length === 0 ? null : Math.expm1(hodgesLehmann(cpu)),
      verdicts,
      alarms: count('regressed'),
      valid,
      ...(valid === 0 ? { atLeast: 0, atMost: 1 } : clopperPearson(count('regressed'), valid)),
      meanDurationMs: own.reduce((sum, { durationMs }) => sum + durationMs, 0) / own.length,
      resampledAlarms: await resampled(models, blocks, seed),
    });
  }
  return points;
}

/** By which gates of other sizes could be planned. */
export function spreads({ gates, models }: SelfTest): Spread[] {
  const equal = usable(gates.filter(({ effect }) => effect === 0).flatMap(({ blocks }) => blocks)).filter(
    ({ stage }) => stage === 'screen',
  );
  return models.flatMap((model) =>
    metricNames.flatMap((metric) => {
      const differences =
        differencesOf(
          equal.filter(({ contestant }) => contestant === model),
          metric,
        )?.differences ?? [];
      return differences.length < 2 ? [] : [{ model, metric, deviation: deviationOf(differences), blocks: differences.length }];
    }),
  );
}

/** Of servers that are never started. */
const command = async (): Promise<string[]> => [];

async function resampled(models: readonly string[], blocks: readonly BlockRecord[], seed: number): Promise<number | null> {
  const pool = (model: string, stage: BlockRecord['stage']): BlockRecord[] =>
    blocks.filter((block) => block.contestant === model && block.stage === stage);
  if (
    models.some((model) => pool(model, 'screen').length < rule.screenBlocks || pool(model, 'confirm').length < rule.confirmBlocks)
  )
    return null;
  const random = mulberry32(seed);
  const draw: MeasureBlock = async ({ name }, stage) => {
    const from = pool(name, stage);
    return from[Math.floor(random() * from.length)]!;
  };
  const contestants: Contestant[] = models.map((name) => ({
    name,
    connections: 0,
    base: { title: 'base', command },
    head: { title: 'head', command },
  }));
  let alarms = 0;
  for (let gate = 0; gate < SYNTHETIC_GATES; gate += 1) {
    const { rows } = await compare(contestants, draw, random, { blockEnds() {}, confirms() {} });
    if (overallOf(rows) === 'regressed') alarms += 1;
  }
  return alarms / SYNTHETIC_GATES;
}

const usable = (blocks: readonly BlockRecord[]): BlockRecord[] => blocks.filter(({ dropped }) => dropped === undefined);

function deviationOf(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}

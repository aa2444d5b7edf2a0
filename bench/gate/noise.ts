import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';
import { sum } from '../../loadgen/sum.ts';
import { mean } from '../statistics/mean.ts';
import { gatedNames, worsening, type MetricName } from './metrics.ts';
import type { GatePlan } from './plan.ts';
import type { BlockRecord } from './result.ts';
import { rule } from './rule.ts';

/** How much blocks of equal servers differ in one row, and how many blocks that asks for. */
export interface Noise {
  model: string;
  metric: MetricName;
  /** Standard deviation of the log ratios of two equal arms, one value a block. */
  deviation: number;
  measured: number;
  needed: GatePlan['blocks'];
}

/** With which probability a row must be settled: called clean in the screen, or slower by 5 % in the confirmation. */
const POWER = 0.95;
/** Of the signed-rank test against the t test, over normal noise: 3/π. */
const EFFICIENCY = 3 / Math.PI;

/** @param blocks of equal servers; those dropped are left out */
export function noiseBetween(blocks: readonly BlockRecord[], models: readonly string[]): Noise[] {
  return models.flatMap((model) =>
    gatedNames.flatMap((metric) => {
      const differences = blocks
        .filter(({ contestant, dropped }) => contestant === model && dropped === undefined)
        .map(({ arms }) => worsening(metric, Math.log(arms.base?.[metric] ?? NaN), Math.log(arms.head?.[metric] ?? NaN)))
        .filter(Number.isFinite);
      if (differences.length < 2) return [];
      const deviation = deviationOf(differences);
      const needed = blocksFor(deviation, models.length * gatedNames.length);
      return [{ model, metric, deviation, measured: differences.length, needed }];
    }),
  );
}

/**
 * Blocks that settle a row: n = (z(1-a) + z(power))² s² / d² + z(1-a)² / 2 for the one-sided t test (Guenther, The American
 * Statistician 1981), over the efficiency of ranks; and at least so many that 2^-n, the smallest p-value there is, is below a.
 * @param deviation of log ratios of two arms; the confirmation's third arm takes a quarter off their variance
 * @param rows among which the level of the confirmation is shared at worst
 */
export function blocksFor(deviation: number, rows: number): GatePlan['blocks'] {
  return {
    screen: count(deviation, 1 - rule.confidence),
    confirm: count(deviation * Math.sqrt(3 / 4), rule.alarms / rows),
  };
}

function count(deviation: number, level: number): number {
  const [alpha, power] = [z(1 - level), z(POWER)];
  const byNoise = ((alpha + power) ** 2 * deviation ** 2) / Math.log1p(rule.excluded) ** 2 + alpha ** 2 / 2;
  return Math.max(Math.ceil(byNoise / EFFICIENCY), Math.ceil(Math.log2(1 / level)));
}

const z = (probability: number): number => normalQuantile(probability, 0, 1);

function deviationOf(values: readonly number[]): number {
  const center = mean(values);
  return Math.sqrt(sum(values.map((value) => (value - center) ** 2)) / (values.length - 1));
}

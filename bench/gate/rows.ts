import { mean } from '../statistics/mean.ts';
import { median } from '../statistics/order.ts';
import type { ArmTitle } from './arm.ts';
import type { Block } from './block.ts';
import { metricNames, metrics, worsening, type Metric, type MetricName } from './metrics.ts';
import type { BlockRecord, Row } from './result.ts';
import type { ConfirmingRow } from './rule.ts';

/** @param titles of the block's arms, in its order */
export function figuresOf({ slices }: Block, titles: readonly ArmTitle[]): BlockRecord['arms'] {
  return Object.fromEntries(
    slices.map((measured, arm) => [titles[arm]!, Object.fromEntries(metricNames.flatMap((name) => figureOf(name, measured)))]),
  ) as BlockRecord['arms'];
}

type Measured = Block['slices'][number];

/** Nothing where a slice doesn't tell. */
function figureOf(name: MetricName, { [metrics[name].loop]: slices = [] }: Measured): [MetricName, number][] {
  const metric: Metric = metrics[name];
  const values = slices.map((slice) => metric.figure(slice));
  if (values.length === 0 || !values.every((value) => value !== undefined && value > 0)) return [];
  return [[name, Math.exp(metric.average(values.map((value) => Math.log(value!))))]];
}

/** Of the closed loop's slices; 0 where there are none. */
export function clientLimitedShare({ closed = [] }: Measured): number {
  return closed.filter(({ result }) => result.verdict === 'client-limited').length / Math.max(1, closed.length);
}

/** Log ratios of the blocks; undefined where one of them lacks a figure. */
export function differencesOf(blocks: readonly BlockRecord[], metric: MetricName): ConfirmingRow | undefined {
  const logs = blocks.map(({ arms }) => {
    const log = (title: ArmTitle): number => Math.log(arms[title]?.[metric] ?? NaN);
    const [base, head, again] = [log('base'), log('head'), arms['base again'] === undefined ? log('base') : log('base again')];
    return { difference: worsening(metric, (base + again) / 2, head), control: worsening(metric, base, again) };
  });
  const found = { differences: logs.map(({ difference }) => difference), control: logs.map(({ control }) => control) };
  return [...found.differences, ...found.control].every(Number.isFinite) ? found : undefined;
}

/** Why a row is shown without deciding anything, as the first blocks say. */
export function reasonNotToGate(metric: MetricName, blocks: readonly BlockRecord[]): string | undefined {
  const { shownOnly, loop }: Metric = metrics[metric];
  if (shownOnly !== undefined) return shownOnly;
  if (differencesOf(blocks, metric) === undefined)
    return loop === 'open' ? 'too few messages for this percentile' : 'not known on this system';
  const limited = mean(blocks.map(({ clientLimited }) => clientLimited)) >= 0.5;
  return metric === 'throughput' && limited ? 'the load generator was the limit, not the server' : undefined;
}

/** What a row shows beside its verdict. */
export function mediansOf(blocks: readonly BlockRecord[], metric: MetricName): Pick<Row, 'base' | 'head'> {
  const of = (title: ArmTitle): number[] => blocks.flatMap(({ arms }) => arms[title]?.[metric] ?? []);
  const [base, head] = [of('base'), of('head')];
  return { ...(base.length > 0 && { base: median(base) }), ...(head.length > 0 && { head: median(head) }) };
}

import type { MedianMeasure } from '../summary.ts';
import type { Ranked } from './columns.ts';
import { formatLatency, formatMeasure } from './format.ts';
import type { TextTable } from './text-table.ts';

/** Medians of what only this workload measures, a column each; undefined where it measures nothing of its own. */
export function measuresTable(rows: readonly Ranked[]): TextTable | undefined {
  const all = new Map(rows.flatMap(({ summary }) => Object.entries(summary.measures)));
  if (all.size === 0) return undefined;
  return {
    title: 'What only this workload measures:',
    heads: ['model', ...[...all].flatMap(([name, measure]) => headsOf(name, measure))],
    rows: rows.map(({ model, summary }) => [
      model,
      ...[...all].flatMap(([name, like]) => {
        const own = summary.measures[name];
        return own === undefined ? headsOf(name, like).map(() => '–') : figuresOf(own);
      }),
    ]),
    notes: [...all].map(([name, { meaning }]) => `${name}: ${meaning}.`),
  };
}

const headsOf = (name: string, { kind }: MedianMeasure): string[] => (kind === 'latency' ? [`${name} p50`, `${name} p99`] : [name]);

const figuresOf = (measure: MedianMeasure): string[] =>
  measure.kind === 'latency'
    ? [formatLatency(measure.latencyNs.p50), formatLatency(measure.latencyNs.p99)]
    : [formatMeasure(measure.kind, measure.value)];

import type { CellResult } from './result.ts';
import type { SweptKnob } from './sweeps.ts';
import { fitScalabilityLaw, LEAST_POINTS, peak, predict, type ScalabilityLaw } from './statistics/universal-scalability.ts';
import { summarize } from './summary.ts';

/** How the throughput of a server grows with connections or with workers. */
export type Scalability =
  | { state: 'fitted'; model: string; law: ScalabilityLaw; peak: number; most: number; predicted: Prediction }
  | { state: 'absent'; model: string; reason: string };

/** What the law says of a load that was not measured. */
export interface Prediction {
  n: number;
  messagesPerSecond: number;
}

/** A law is trusted for so many times the most that was measured. */
const BEYOND = 2;

/**
 * The law that each server of a sweep follows, by its medians; nothing for a sweep of too few values.
 * @param sweep cells that differ only in server and knob
 */
export function scalabilityOf(sweep: readonly CellResult[], knob: SweptKnob): Scalability[] {
  if (new Set(sweep.map(({ knobs }) => knobs[knob])).size < LEAST_POINTS) return [];
  return [...new Set(sweep.map(({ model }) => model))].map((model) =>
    fit(
      model,
      sweep.filter((cell) => cell.model === model),
      knob,
    ),
  );
}

function fit(model: string, own: readonly CellResult[], knob: SweptKnob): Scalability {
  const rows = own.map((cell) => ({ n: cell.knobs[knob]!, summary: summarize(cell) }));
  const points: [number, number][] = [];
  for (const { n, summary } of rows) {
    if (summary.state !== 'measured') return { state: 'absent', model, reason: `${summary.state} at ${n}` };
    const { served, opened } = summary.connections;
    if (served < opened) return { state: 'absent', model, reason: `served ${served} of ${opened} connections` };
    points.push([n, summary.messagesPerSecond]);
  }
  const law = fitScalabilityLaw(points);
  if (law === undefined) return { state: 'absent', model, reason: `measured at fewer than ${LEAST_POINTS} values` };
  const most = Math.max(...points.map(([n]) => n));
  const predicted = { n: BEYOND * most, messagesPerSecond: predict(law, BEYOND * most) };
  return { state: 'fitted', model, law, peak: peak(law), most, predicted };
}

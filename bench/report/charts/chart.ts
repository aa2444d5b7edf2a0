import type { EChartsOption } from 'echarts';
import type { CellResult, RunResult } from '../../result.ts';
import { measuredTrials, summarize, type MeasuredSummary } from '../../summary.ts';
import { sweepOf, sweepsOf, type SweptKnob } from '../../sweeps.ts';
import { titleOf } from '../../plan.ts';
import type { Palette, Theme } from './palette.ts';

/** What of a run is to be seen, and how. The same whether it becomes a static picture or part of the page. */
export interface View {
  readonly run: RunResult;
  /** Title of a workload with its knobs, e.g. "echo ×64". */
  readonly workload: string;
  readonly shows: (model: string) => boolean;
  readonly theme: Theme;
  readonly palette: Palette;
  readonly widthPx: number;
}

/** A description of a picture: one function from the run's data to what echarts draws, on the server and in the page. */
export interface Chart {
  readonly id: string;
  readonly title: string;
  /** What it shows and how to read it. */
  readonly about: string;
  draw(view: View): Drawing;
}

export type Drawing =
  | { state: 'drawn'; option: EChartsOption; heightPx: number; table: DataTable }
  /** The run has no such data, or the filter leaves none of it. */
  | { state: 'absent'; reason: string; command?: string };

/** The numbers of a picture. */
export interface DataTable {
  readonly caption: string;
  readonly heads: readonly string[];
  /** The first cell of a row names it. */
  readonly rows: readonly (readonly string[])[];
}

/** What is said of a point that somebody points at; kept beside its value as `hint`. */
export interface Hint {
  readonly title: string;
  readonly lines: readonly (readonly [name: string, value: string])[];
}

export type Trial = Extract<CellResult['trials'][number], { state: 'measured' }>['result'];

/** A model under the workload that is looked at. */
export interface Row {
  readonly model: string;
  readonly cell: CellResult;
  readonly summary: MeasuredSummary;
  readonly results: readonly Trial[];
}

/** That under which most servers were measured; among equals the one with the most connections. */
export function busiestWorkload({ cells }: RunResult): string | undefined {
  const measured = cells.filter(({ trials }) => trials.some(({ state }) => state === 'measured'));
  const rows = new Map<string, number>();
  for (const cell of measured) rows.set(titleOf(cell), (rows.get(titleOf(cell)) ?? 0) + 1);
  return measured
    .toSorted((a, b) => rows.get(titleOf(b))! - rows.get(titleOf(a))! || b.knobs.connections - a.knobs.connections)
    .map(titleOf)[0];
}

/** Cells of the run, shown and measured. */
export function rowsOf({ run, shows }: View, wanted: (cell: CellResult) => boolean): Row[] {
  return run.cells
    .filter((cell) => shows(cell.model) && wanted(cell))
    .flatMap((cell) => {
      const summary = summarize(cell);
      return summary.state === 'measured' ? [{ model: cell.model, cell, summary, results: measuredTrials(cell) }] : [];
    });
}

/** The rows of the workload that is looked at. */
export const workloadRows = (view: View): Row[] => rowsOf(view, (cell) => titleOf(cell) === view.workload);

/** Those of it that have no figures, as "name (reason)". */
export function unmeasured({ run, workload, shows }: View): string[] {
  return run.cells
    .filter((cell) => shows(cell.model) && titleOf(cell) === workload)
    .flatMap((cell) => {
      const summary = summarize(cell);
      return summary.state === 'measured' ? [] : [`${cell.model} (${summary.state}: ${summary.reason})`];
    });
}

/** The rows that differ only in model and this knob: those of the workload that is looked at, or the first such. */
export function sweepInView(view: View, knob: SweptKnob): [name: string, rows: Row[]] | undefined {
  const rows = rowsOf(view, ({ knobs }) => knobs[knob] !== undefined);
  const all = [
    ...sweepsOf(
      rows.map(({ cell }) => cell),
      knob,
    ).keys(),
  ];
  const looked = view.run.cells.find((cell) => titleOf(cell) === view.workload);
  const name = all.find((one) => looked !== undefined && one === sweepOf(looked, knob)) ?? all[0];
  return name === undefined ? undefined : [name, rows.filter(({ cell }) => sweepOf(cell, knob) === name)];
}

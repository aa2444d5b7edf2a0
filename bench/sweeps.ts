import { workloadTitle } from './plan.ts';
import type { CellResult } from './result.ts';

/** Knobs over which a workload is measured in several values. */
export type SweptKnob = 'connections' | 'serverWorkers' | 'work';

/** "echo" for every "echo ×N" where connections are swept: what cells of one sweep have in common. */
export function sweepOf({ workload, knobs }: CellResult, knob: SweptKnob): string {
  const { [knob]: _, ...others } = knobs;
  return workloadTitle(workload, others);
}

/** Cells that differ in nothing but the server and this knob, where it has several values. */
export function sweepsOf(cells: readonly CellResult[], knob: SweptKnob): Map<string, CellResult[]> {
  const groups = new Map<string, CellResult[]>();
  for (const cell of cells.filter(({ knobs }) => knobs[knob] !== undefined)) {
    const name = sweepOf(cell, knob);
    groups.set(name, [...(groups.get(name) ?? []), cell]);
  }
  return new Map([...groups].filter(([, some]) => new Set(some.map(({ knobs }) => knobs[knob])).size > 1));
}

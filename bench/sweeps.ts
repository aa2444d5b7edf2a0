import { workloadTitle } from './plan.ts';
import type { CellResult } from './result.ts';

/** Cells that differ in nothing but the server and the number of connections, where there are several numbers. */
export function sweepsOf(cells: readonly CellResult[]): Map<string, CellResult[]> {
  const groups = new Map<string, CellResult[]>();
  for (const cell of cells) groups.set(sweepOf(cell), [...(groups.get(sweepOf(cell)) ?? []), cell]);
  return new Map([...groups].filter(([, some]) => new Set(some.map(({ knobs }) => knobs.connections)).size > 1));
}

/** "echo" for every "echo ×N". */
export const sweepOf = ({ workload, knobs }: CellResult): string =>
  workloadTitle(workload, knobs).replace(` ×${knobs.connections}`, '');

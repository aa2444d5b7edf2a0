import { mulberry32 } from '../loadgen/random.ts';
import type { Variant, Workload } from '../loadgen/workload.ts';

/** One thing to measure: a model under a workload with its knobs. */
export interface Cell {
  /** "event-loop · echo ×64" */
  readonly title: string;
  readonly model: string;
  readonly workload: string;
  readonly knobs: Variant;
}

export interface Trial {
  readonly cell: Cell;
  /** 0 for a cell's first trial. */
  readonly round: number;
}

/** @param byName the workloads were asked for, and are measured in more of their variants than every bench does */
export function planCells(models: readonly string[], chosen: readonly Workload[], byName = false): Cell[] {
  return chosen.flatMap((workload) =>
    [...workload.variants, ...((byName && workload.moreVariants) || [])].flatMap((knobs) =>
      models.map((model) => ({
        title: `${model} · ${workloadTitle(workload.name, knobs)}`,
        model,
        workload: workload.name,
        knobs,
      })),
    ),
  );
}

/** "echo ×64, 16 a connection" */
export function workloadTitle(workload: string, knobs: Variant): string {
  const { connections, pipelining = 1, messagesPerConnection, work, rate } = knobs;
  return [
    `${workload} ×${connections}`,
    ...(pipelining > 1 ? [`depth ${pipelining}`] : []),
    ...(messagesPerConnection === undefined ? [] : [`${messagesPerConnection} a connection`]),
    ...(rate === undefined ? [] : [`${rate}/s`]),
    ...(work === undefined ? [] : [`work ${work}`]),
  ].join(', ');
}

/** All first trials in random order, then all second ones, …: slow drift of the machine hits every cell alike. */
export function schedule(cells: readonly Cell[], trials: number, seed: number): Trial[] {
  const random = mulberry32(seed);
  return Array.from({ length: trials }, (_, round) => shuffle(cells, random).map((cell) => ({ cell, round }))).flat();
}

/** Fisher and Yates' shuffle (Durstenfeld 1964). */
function shuffle<T>(items: readonly T[], random: () => number): T[] {
  const shuffled = [...items];
  for (let last = shuffled.length - 1; last > 0; last -= 1) {
    const pick = Math.floor(random() * (last + 1));
    [shuffled[last], shuffled[pick]] = [shuffled[pick]!, shuffled[last]!];
  }
  return shuffled;
}

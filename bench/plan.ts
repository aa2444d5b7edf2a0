import { mulberry32 } from '../loadgen/random.ts';
import type { Variant, Workload } from '../loadgen/workload.ts';
import { shuffle } from './statistics/shuffle.ts';
import type { Subject } from './subjects.ts';

/** One thing to measure: a server under a workload with its knobs. */
export interface Cell {
  /** "event-loop · echo ×64" */
  readonly title: string;
  readonly subject: Subject;
  readonly workload: Workload;
  readonly knobs: Variant;
}

/**
 * Every subject under every variant of every workload whose app it runs.
 * @param byName the workloads were asked for, and are measured in more of their variants than every bench does
 */
export function planCells(subjects: readonly Subject[], chosen: readonly Workload[], byName = false): Cell[] {
  return chosen.flatMap((workload) =>
    cellsOf(subjects, workload, [...workload.variants, ...((byName && workload.moreVariants) || [])]),
  );
}

/** What is only looked at, once, at the end of a run. */
export const planLooks = (subjects: readonly Subject[], chosen: readonly Workload[]): Cell[] =>
  chosen.flatMap((workload) => cellsOf(subjects, workload, workload.once ?? []));

function cellsOf(subjects: readonly Subject[], workload: Workload, variants: readonly Variant[]): Cell[] {
  const able = subjects.filter((subject) => subject.runs(workload.app));
  return variants.flatMap((knobs) =>
    able
      .filter(({ hasWorkers }) => hasWorkers || knobs.serverWorkers === undefined)
      .map((subject) => ({ title: `${subject.name} · ${workloadTitle(workload.name, knobs)}`, subject, workload, knobs })),
  );
}

/** "echo ×64, 16 a connection" */
export function workloadTitle(workload: string, knobs: Partial<Variant>): string {
  const { connections, active, pipelining = 1, sizeBytes, messagesPerConnection, work, delayMs, slowShare, rate } = knobs;
  const { serverWorkers } = knobs;
  return [
    connections === undefined ? workload : `${workload} ×${connections}`,
    ...(active === undefined ? [] : [`${active} active`]),
    ...(sizeBytes === undefined ? [] : [`${sizeBytes} bytes`]),
    ...(pipelining > 1 ? [`depth ${pipelining}`] : []),
    ...(messagesPerConnection === undefined ? [] : [`${messagesPerConnection} a connection`]),
    ...(rate === undefined ? [] : [`${rate}/s`]),
    ...(delayMs === undefined ? [] : [`${delayMs} ms`]),
    ...(slowShare === undefined ? [] : [`${slowShare * 100} % slow`]),
    ...(work === undefined ? [] : [`work ${work}`]),
    ...(serverWorkers === undefined ? [] : [`${serverWorkers} worker${serverWorkers === 1 ? '' : 's'}`]),
  ].join(', ');
}

/** What rows of the same workload with the same knobs have in common. */
export const titleOf = ({ workload, knobs }: { workload: string; knobs: Partial<Variant> }): string =>
  workloadTitle(workload, knobs);

/** Every cell once, in random order, round after round: slow drift of the machine hits every cell alike. */
export function* rounds(cells: readonly Cell[], seed: number): Generator<Cell[], never> {
  const random = mulberry32(seed);
  for (;;) yield shuffle(cells, random);
}

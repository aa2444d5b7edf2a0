import type { Variant, Workload } from '../loadgen/workload.ts';

/** One thing to measure: a model under a workload with its knobs. */
export interface Cell {
  /** "event-loop · echo ×64" */
  readonly title: string;
  readonly model: string;
  readonly workload: string;
  readonly knobs: Variant;
}

export function planCells(models: readonly string[], chosen: readonly Workload[]): Cell[] {
  return chosen.flatMap((workload) =>
    workload.variants.flatMap((knobs) =>
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
  const { connections, pipelining = 1, messagesPerConnection, work } = knobs;
  return [
    `${workload} ×${connections}`,
    ...(pipelining > 1 ? [`depth ${pipelining}`] : []),
    ...(messagesPerConnection === undefined ? [] : [`${messagesPerConnection} a connection`]),
    ...(work === undefined ? [] : [`work ${work}`]),
  ].join(', ');
}

/** Every cell once, in random order, round after round: slow drift of the machine hits every cell alike. */
export function* rounds(cells: readonly Cell[], seed: number): Generator<Cell[], never> {
  const random = mulberry32(seed);
  for (;;) yield shuffle(cells, random);
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

/** Numbers in [0, 1) from a 32-bit seed (Ettinger's mulberry32). */
export function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

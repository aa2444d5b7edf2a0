import { PerformanceObserver } from 'node:perf_hooks';
import { setImmediate as turn } from 'node:timers/promises';

/** What garbage collection cost a thread while it measured. */
export interface GcPauses {
  count: number;
  totalMs: number;
  /** The longest ones, with the time since measuring began. */
  longest: { atMs: number; durationMs: number }[];
}

const KEPT = 10;

/** Watches the garbage collections of this thread. The loop never lets its event loop turn, so they are told when it is over. */
export class GcWatch {
  readonly #seen: { startMs: number; durationMs: number }[] = [];
  readonly #observer = new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) this.#seen.push({ startMs: startTime, durationMs: duration });
  });

  constructor() {
    this.#observer.observe({ entryTypes: ['gc'] });
  }

  /** @param fromMs the thread's performance.now() at both ends of the measured time */
  async between(fromMs: number, untilMs: number): Promise<GcPauses> {
    await turn();
    await turn();
    this.#observer.disconnect();
    const within = this.#seen.filter(({ startMs }) => startMs >= fromMs && startMs < untilMs);
    return summarizePauses(
      within.map(({ startMs, durationMs }) => ({ atMs: startMs - fromMs, durationMs })),
      within.length,
      within.reduce((sum, { durationMs }) => sum + durationMs, 0),
    );
  }
}

/** Those of several threads. */
export const addPauses = (all: readonly GcPauses[]): GcPauses =>
  summarizePauses(
    all.flatMap(({ longest }) => longest),
    all.reduce((sum, { count }) => sum + count, 0),
    all.reduce((sum, { totalMs }) => sum + totalMs, 0),
  );

function summarizePauses(pauses: readonly GcPauses['longest'][number][], count: number, totalMs: number): GcPauses {
  return { count, totalMs, longest: pauses.toSorted((a, b) => b.durationMs - a.durationMs).slice(0, KEPT) };
}

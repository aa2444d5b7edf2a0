import { performance } from 'node:perf_hooks';
import type { App } from './app.ts';

/** The same app, with so much CPU time added to every message: a known slowdown, to learn whether a measurement finds it. */
export function burning(handle: App['handle'], burnNs: number): App['handle'] {
  if (burnNs === 0) return handle;
  const turns = Math.max(1, Math.round(burnNs / nsPerTurn()));
  return (message) => {
    idle(turns);
    return handle(message);
  };
}

/** Whatever turns come to: without it V8 might see that they are for nothing. */
const sink = new Int32Array(1);

/** Turns rather than a look at the clock: at a share of a microsecond that would cost as much as what is to be burnt. */
function idle(turns: number): void {
  let value = sink[0]!;
  for (let turn = 0; turn < turns; turn += 1) value = (Math.imul(value, 48_271) + turn) | 0;
  sink[0] = value;
}

const CALIBRATIONS = 20;
const TURNS = 100_000;

/** The fastest of several: the first are interpreted, and others may take the CPU. */
function nsPerTurn(): number {
  const times = Array.from({ length: CALIBRATIONS }, () => {
    const startMs = performance.now();
    idle(TURNS);
    return performance.now() - startMs;
  });
  return (Math.min(...times) * 1e6) / TURNS;
}

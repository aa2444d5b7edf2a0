import { performance } from 'node:perf_hooks';
import type { App } from './app.ts';

/**
 * The same app, with so much CPU time added to every message: a known slowdown, to learn whether a measurement finds it.
 * What a message burns too much, because the clock has grains, the next ones burn less: the mean is right.
 */
export function burning(handle: App['handle'], burnNs: number): App['handle'] {
  if (burnNs === 0) return handle;
  let owedNs = 0;
  return (message) => {
    owedNs += burnNs;
    const startMs = performance.now();
    let spentNs = 0;
    while (spentNs < owedNs) spentNs = (performance.now() - startMs) * 1e6;
    owedNs = Math.max(owedNs - spentNs, -burnNs); // a thread that lost its CPU meanwhile has not burnt that time
    return handle(message);
  };
}

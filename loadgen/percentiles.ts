import { supports } from './latency-curve.ts';
import type { Recorder } from './recorder.ts';
import type { Latency } from './result.ts';

const percentiles = { p50: 0.5, p90: 0.9, p99: 0.99, p999: 0.999 } as const;

/** What is told of a histogram. */
export function summarize(recorder: Recorder): Latency {
  const latency: Latency = {
    p50: null,
    p90: null,
    p99: null,
    p999: null,
    max: recorder.maxNs,
    mean: recorder.meanNs,
    count: recorder.count,
    lowerBounds: [],
  };
  for (const [name, p] of Object.entries(percentiles) as [keyof typeof percentiles, number][]) {
    if (!supports(recorder.count, p)) continue;
    latency[name] = recorder.percentileNs(p);
    if (recorder.isLowerBound(latency[name])) latency.lowerBounds.push(name);
  }
  if (recorder.lowerBounds > 0) latency.lowerBounds.push('max');
  return latency;
}

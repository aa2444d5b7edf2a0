import { accepts } from './accepts.ts';
import type { Chart } from './chart.ts';
import { cpuPerMessage, peakMemory } from './costs.ts';
import { loadLatency } from './load-latency.ts';
import { memoryPerConnection } from './memory-per-connection.ts';
import { percentiles } from './percentiles.ts';
import { scaling, workerScaling } from './scaling.ts';
import { throughput } from './throughput.ts';
import { timeline } from './timeline.ts';

/** In the order of the page. */
export const charts: readonly Chart[] = [
  throughput,
  cpuPerMessage,
  percentiles,
  scaling,
  workerScaling,
  loadLatency,
  peakMemory,
  memoryPerConnection,
  accepts,
  timeline,
];

import type { ThreadMessage } from './thread.ts';
import type { TreeUsage } from './process-tree.ts';
import type { Recorder } from './recorder.ts';
import type { Latency, LoadResult } from './result.ts';
import { addTally, newTally } from './tally.ts';
import { judge } from './validity.ts';

export type ThreadOutcome = Extract<ThreadMessage, { state: 'done' }>;

/** An instant at which everything that is counted was read. */
export interface Window {
  atNs: number;
  messages: number;
  clientCpuNs: number;
  server: TreeUsage | undefined;
}

/** Adds up what the threads found, and judges it. */
export function assemble(
  options: LoadResult['options'],
  outcomes: readonly ThreadOutcome[],
  recorder: Recorder,
  begin: Window | undefined,
  end: Window | undefined,
  interrupted: boolean,
): LoadResult {
  const tally = newTally();
  for (const outcome of outcomes) addTally(tally, outcome.tally);
  const messages = sum(outcomes.map((outcome) => outcome.measuredMessages));
  const measured = outcomes.filter(({ measuredNs }) => measuredNs > 0);
  const result = {
    options,
    durationMs: Math.max(0, ...outcomes.map(({ measuredNs }) => measuredNs)) / 1e6,
    messages,
    messagesPerSecond: sum(measured.map((outcome) => (outcome.measuredMessages * 1e9) / outcome.measuredNs)),
    latencyNs: summarize(recorder),
    errors: tally.errors,
    failures: tally.failures,
    unanswered: tally.unanswered,
    connections: tally.connections,
    fairness: jainIndex(outcomes.flatMap(({ answeredBySlot }) => [...answeredBySlot])),
    ...cost(begin, end, outcomes.length),
    interrupted,
  };
  return { ...result, warnings: judge(result) };
}

const percentiles = { p50: 0.5, p90: 0.9, p99: 0.99, p999: 0.999 } as const;
const FEWEST_BEYOND = 10;

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
    if (recorder.count * (1 - p) < FEWEST_BEYOND - 1e-6) continue;
    latency[name] = recorder.percentileNs(p);
    if (recorder.isLowerBound(latency[name])) latency.lowerBounds.push(name);
  }
  if (recorder.lowerBounds > 0) latency.lowerBounds.push('max');
  return latency;
}

/** (Σx)² / (n Σx²): Jain, Chiu, Hawe 1984. 1 where there is nothing to share. */
export function jainIndex(shares: readonly number[]): number {
  const squares = sum(shares.map((share) => share * share));
  return squares === 0 ? 1 : sum(shares) ** 2 / (shares.length * squares);
}

type Cost = Pick<LoadResult, 'cpuNsPerMessage' | 'clientBusy' | 'server'>;

function cost(begin: Window | undefined, end: Window | undefined, threads: number): Cost {
  if (begin === undefined || end === undefined) return { cpuNsPerMessage: 0, clientBusy: 0 };
  const messages = Math.max(1, end.messages - begin.messages);
  const elapsedNs = end.atNs - begin.atNs;
  const clientCpuNs = end.clientCpuNs - begin.clientCpuNs;
  const own = { cpuNsPerMessage: clientCpuNs / messages, clientBusy: clientCpuNs / elapsedNs / threads };
  if (begin.server === undefined || end.server === undefined) return own;
  const serverCpuNs = end.server.cpuNs - begin.server.cpuNs;
  const { peakMemoryBytes, processes } = end.server;
  return {
    ...own,
    server: { cpuNsPerMessage: serverCpuNs / messages, busyCpus: serverCpuNs / elapsedNs, peakMemoryBytes, processes },
  };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

import { addPauses } from './gc-pauses.ts';
import type { MachineUsage } from './machine.ts';
import { latencyCurve } from './latency-curve.ts';
import type { CompleteOptions } from './options.ts';
import type { ThreadMessage } from './thread.ts';
import { summarize } from './percentiles.ts';
import type { TreeUsage } from './process-tree.ts';
import type { RecorderSet } from './recorder-set.ts';
import type { LoadResult } from './result.ts';
import { sum } from './sum.ts';
import { addTally, newTally, type Tally } from './tally.ts';
import { timelineOf } from './timeline.ts';
import { judge } from './validity.ts';
import { verdictOn } from './verdict.ts';
import type { Workload } from './workload.ts';

export type ThreadOutcome = Extract<ThreadMessage, { state: 'done' }>;

/** An instant at which everything that is counted was read. */
export interface Window {
  atNs: number;
  messages: number;
  clientCpuNs: number;
  clientKernelNs: number;
  server: TreeUsage | undefined;
  machine: MachineUsage | undefined;
}

/** Everything that a run has brought. */
export interface Findings {
  options: CompleteOptions;
  workload: Workload;
  outcomes: readonly ThreadOutcome[];
  /** Those of all threads, merged. */
  recorders: RecorderSet;
  window: { begin: Window; end: Window } | undefined;
  /** Peak of the load generator's own process. */
  clientMemoryBytes: number;
  /** Messages per second that the same load generator reaches with a server that does the least; undefined when not measured. */
  ceiling?: number | undefined;
  interrupted: boolean;
}

/** Adds up what the threads found, and judges it. */
export function assemble({
  options,
  workload,
  outcomes,
  recorders,
  window,
  clientMemoryBytes,
  ceiling,
  interrupted,
}: Findings): LoadResult {
  const tally = newTally();
  for (const outcome of outcomes) addTally(tally, outcome.tally);
  const messages = sum(outcomes.map((outcome) => outcome.measuredMessages));
  const measured = outcomes.filter(({ measuredNs }) => measuredNs > 0);
  const durationMs = Math.max(0, ...outcomes.map(({ measuredNs }) => measuredNs)) / 1e6;
  const messagesPerSecond = sum(measured.map((outcome) => (outcome.measuredMessages * 1e9) / outcome.measuredNs));
  const answeredBySlot = outcomes.flatMap((outcome) => [...outcome.answeredBySlot]);
  const found = {
    options,
    histograms: recorders,
    counters: tally.counters,
    failures: tally.failures,
    durationMs,
    messagesPerSecond,
  };
  const result = {
    options,
    durationMs,
    messages,
    messagesPerSecond,
    latencyNs: summarize(recorders.responseTime),
    latencyCurve: latencyCurve(recorders.responseTime),
    ...openLoop(tally, recorders, durationMs),
    connectTimeNs: summarize(recorders.connectTime),
    measures: workload.measures?.(found) ?? {},
    ...(tally.witnessed.length > 0 && { timeline: timelineOf(tally.witnessed) }),
    ...(options.amount === undefined && !interrupted && { drift: drift(outcomes) }),
    errors: tally.errors,
    failures: tally.failures,
    unanswered: tally.unanswered,
    connections: tally.connections,
    fairness: jainIndex(answeredBySlot),
    ...cost(window, outcomes.length),
    clientMemoryBytes,
    ...disturbance(window),
    gcPauses: addPauses(outcomes.map(({ gcPauses }) => gcPauses)),
    ...(ceiling !== undefined && { ceiling }),
    interrupted,
  };
  const verdict = verdictOn(result);
  return { ...result, verdict, ...judge({ ...result, verdict, answered: sum(answeredBySlot) }) };
}

/** What only runs have whose messages were planned. */
function openLoop({ offered }: Tally, recorders: RecorderSet, durationMs: number): Partial<LoadResult> {
  const messages = offered.sent + offered.unsent;
  if (messages === 0) return {};
  return {
    serviceTimeNs: summarize(recorders.serviceTime),
    sendLagNs: summarize(recorders.sendLag),
    offered: { messages, messagesPerSecond: (messages * 1000) / durationMs, sent: offered.sent, held: offered.held },
  };
}

/** By which share the second half of the time brought more replies than the first. */
function drift(outcomes: readonly ThreadOutcome[]): number {
  const first = sum(outcomes.map(({ firstHalfMessages }) => firstHalfMessages));
  const second = sum(outcomes.map(({ measuredMessages }) => measuredMessages)) - first;
  return first === 0 ? 0 : second / first - 1;
}

/** (Σx)² / (n Σx²): Jain, Chiu, Hawe 1984. 1 where there is nothing to share. */
export function jainIndex(shares: readonly number[]): number {
  const squares = sum(shares.map((share) => share * share));
  return squares === 0 ? 1 : sum(shares) ** 2 / (shares.length * squares);
}

/** Ticks of 10 ms: with fewer the kernel's share is a guess. */
const FEWEST_TICKS = 10;

type Cost = Pick<LoadResult, 'cpuNsPerMessage' | 'kernelShare' | 'clientBusy' | 'server'>;

function cost(window: Findings['window'], threads: number): Cost {
  if (window === undefined) return { cpuNsPerMessage: 0, kernelShare: null, clientBusy: 0 };
  const { begin, end } = window;
  const messages = Math.max(1, end.messages - begin.messages);
  const elapsedNs = end.atNs - begin.atNs;
  const clientCpuNs = end.clientCpuNs - begin.clientCpuNs;
  const own = {
    cpuNsPerMessage: clientCpuNs / messages,
    kernelShare: clientCpuNs > 0 ? (end.clientKernelNs - begin.clientKernelNs) / clientCpuNs : null,
    clientBusy: clientCpuNs / elapsedNs / threads,
  };
  if (begin.server === undefined || end.server === undefined) return own;
  const serverCpuNs = end.server.cpuNs - begin.server.cpuNs;
  const { peakMemoryBytes, processes, threads: running } = end.server;
  const ticks = end.server.ticks - begin.server.ticks;
  return {
    ...own,
    server: {
      cpuNsPerMessage: serverCpuNs / messages,
      kernelShare: ticks < FEWEST_TICKS ? null : (end.server.kernelTicks - begin.server.kernelTicks) / ticks,
      voluntarySwitchesPerMessage: gained(begin.server, end.server, 'voluntarySwitches') / messages,
      involuntarySwitchesPerMessage: gained(begin.server, end.server, 'involuntarySwitches') / messages,
      busyCpus: serverCpuNs / elapsedNs,
      busiestThread: busiestThreadNs(begin.server, end.server) / elapsedNs,
      peakMemoryBytes,
      processes,
      threads: running.size,
    },
  };
}

/** What the machine did besides; of others' work nothing is known where the server's own is not. */
function disturbance(window: Findings['window']): Pick<LoadResult, 'machine'> {
  const { begin, end } = window ?? {};
  if (begin?.machine === undefined || end?.machine === undefined) return {};
  const elapsedNs = end.atNs - begin.atNs;
  const stolenCpus = (end.machine.stolenNs - begin.machine.stolenNs) / elapsedNs;
  const suspendedNs = (end.machine.suspendedNs ?? NaN) - (begin.machine.suspendedNs ?? NaN);
  const known = { stolenCpus, ...(!Number.isNaN(suspendedNs) && { suspendedMs: suspendedNs / 1e6 }) };
  if (begin.server === undefined || end.server === undefined) return { machine: known };
  const ownNs = end.clientCpuNs - begin.clientCpuNs + end.server.cpuNs - begin.server.cpuNs;
  const foreignCpus = Math.max(0, (end.machine.busyNs - begin.machine.busyNs - ownNs) / elapsedNs);
  return { machine: { ...known, foreignCpus } };
}

function busiestThreadNs(begin: TreeUsage, end: TreeUsage): number {
  return Math.max(0, ...Array.from(end.threads, ([thread, { cpuNs }]) => cpuNs - (begin.threads.get(thread)?.cpuNs ?? 0)));
}

/** Over the threads that run at the end; those that ended meanwhile have taken their numbers with them. */
function gained(begin: TreeUsage, end: TreeUsage, what: 'voluntarySwitches' | 'involuntarySwitches'): number {
  return sum(Array.from(end.threads, ([thread, usage]) => usage[what] - (begin.threads.get(thread)?.[what] ?? 0)));
}

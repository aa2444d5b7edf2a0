import { z } from 'zod';
import { SockbenchError } from '../errors/sockbench-error.ts';
import { arrivalLaws } from '../loadgen/schedule.ts';
import { loadDefaults } from '../loadgen/options.ts';
import { sloPercentiles } from '../loadgen/slo.ts';
import { verdicts } from '../loadgen/verdict.ts';
import { conditions, type WarningCode } from '../loadgen/validity.ts';
import type { LoadResult } from '../loadgen/result.ts';
import { families } from '../servers/model.ts';

const count = z.number().int().nonnegative();
const ns = z.number().nonnegative();
const percentile = ns.nullable();
const address = z.object({ host: z.string(), port: count });
const share = z.number().min(0).max(1);
const cpus = z.array(count);
const warningCode = z.enum(Object.keys(conditions) as [WarningCode, ...WarningCode[]]);

const slo = z.object({ percentile: z.enum(sloPercentiles), ns: z.number().positive() });

const loadOptions = z.object({
  target: address,
  transport: z.string(),
  command: z.array(z.string()).exactOptional(),
  workload: z.string(),
  framing: z.string(),
  connections: count,
  pipelining: count,
  sizeBytes: count,
  payload: z.string().exactOptional(),
  expect: z.string(),
  hdr: z.string().exactOptional(),
  work: count,
  delayMs: z.number().nonnegative().default(loadDefaults.delayMs), // which older files lack
  slowShare: share.default(loadDefaults.slowShare),
  active: count.exactOptional(),
  rate: z.number().positive().exactOptional(),
  slo: slo.default(loadDefaults.slo),
  arrivals: z.enum(arrivalLaws),
  seed: count,
  spinUs: z.number(),
  durationMs: z.number(),
  warmupMs: z.number(),
  amount: count.exactOptional(),
  messagesPerConnection: count.exactOptional(),
  workers: count,
  serverCpus: cpus.exactOptional(),
  readyTimeoutMs: z.number(),
  allow: z.array(warningCode),
  ceiling: z.boolean(),
});

const latency = z.object({
  p50: percentile,
  p90: percentile,
  p99: percentile,
  p999: percentile,
  max: ns,
  mean: ns,
  count,
  lowerBounds: z.array(z.enum(['p50', 'p90', 'p99', 'p999', 'max'])),
});

const latencyCurve = z.object({ points: z.array(z.tuple([share, ns])), lowerBoundFrom: share.nullable() });

/** Times in ns since the first request; what the server says of its own work can be a little earlier by its clock. */
const timeline = z.object({
  workers: z.array(z.object({ pid: count, threadId: count })),
  messages: z.array(
    z.object({
      slot: count,
      connection: count,
      sentNs: z.number(),
      answer: z.object({ worker: count, begunNs: z.number(), endedNs: z.number(), answeredNs: z.number() }).nullable(),
    }),
  ),
});

/** How latency grows with the load, and up to which load a target is kept. */
const loadCurve = z.object({
  slo,
  points: z.array(
    z.object({
      askedPerSecond: z.number(),
      achievedPerSecond: z.number(),
      p50Ns: percentile,
      p99Ns: percentile,
      verdict: z.enum(['kept', 'broken', 'void']),
    }),
  ),
  kneePerSecond: z.number().nullable(),
  ended: z.union([
    z.object({ state: z.enum(['broken', 'unbroken', 'interrupted']) }),
    z.object({ state: z.literal('invalid'), perSecond: z.number(), because: z.array(warningCode) }),
  ]),
});

/** What only one workload measures. */
const measure = z.union([
  z.object({ kind: z.literal('latency'), meaning: z.string(), latencyNs: latency }),
  z.object({ kind: z.enum(['count', 'share', 'rate', 'bytes', 'bytesPerSecond']), meaning: z.string(), value: z.number() }),
]);

/** What `sockbench load --json` prints. */
export const loadResult = z.object({
  options: loadOptions,
  durationMs: z.number(),
  messages: count,
  messagesPerSecond: z.number().nonnegative(),
  latencyNs: latency,
  latencyCurve,
  serviceTimeNs: latency.exactOptional(),
  sendLagNs: latency.exactOptional(),
  offered: z.object({ messages: count, messagesPerSecond: z.number(), sent: count, held: count }).exactOptional(),
  connectTimeNs: latency,
  measures: z.record(z.string(), measure),
  loadCurve: loadCurve.exactOptional(),
  timeline: timeline.exactOptional(),
  drift: z.number().exactOptional(),
  errors: z.object({ missing: count, duplicated: count, reordered: count, corrupt: count, foreign: count }),
  failures: z.record(z.string(), count),
  unanswered: count,
  connections: z.object({ opened: count, served: count }),
  fairness: z.number(),
  cpuNsPerMessage: z.number(),
  kernelShare: z.number().nullable(),
  clientMemoryBytes: count.exactOptional(),
  clientBusy: z.number(),
  server: z
    .object({
      cpuNsPerMessage: z.number(),
      kernelShare: z.number().nullable(),
      voluntarySwitchesPerMessage: z.number(),
      involuntarySwitchesPerMessage: z.number(),
      busyCpus: z.number(),
      busiestThread: z.number(),
      peakMemoryBytes: count,
      processes: count,
      threads: count,
    })
    .exactOptional(),
  machine: z.object({ stolenCpus: z.number(), foreignCpus: z.number().exactOptional() }).exactOptional(),
  gcPauses: z.object({
    count,
    totalMs: z.number(),
    longest: z.array(z.object({ atMs: z.number(), durationMs: z.number() })),
  }),
  ceiling: z.number().exactOptional(),
  verdict: z.enum(verdicts),
  valid: z.boolean(),
  warnings: z.array(z.object({ code: warningCode, value: z.number(), limit: z.number(), remedy: z.string() })),
  interrupted: z.boolean(),
});

/** What became of a trial. */
export const outcome = z.discriminatedUnion('state', [
  z.object({ state: z.literal('measured'), result: loadResult }),
  z.object({ state: z.literal('skipped'), reason: z.string() }),
  z.object({ state: z.literal('failed'), reason: z.string() }),
]);

const knobs = z.object({
  connections: count,
  pipelining: count.exactOptional(),
  sizeBytes: count.exactOptional(),
  work: count.exactOptional(),
  delayMs: z.number().nonnegative().exactOptional(),
  slowShare: share.exactOptional(),
  active: count.exactOptional(),
  rate: z.number().exactOptional(),
  slo: slo.exactOptional(),
  messagesPerConnection: count.exactOptional(),
});

export const environment = z.object({
  cpu: z.string(),
  cores: count,
  memoryBytes: count,
  platform: z.string(),
  kernel: z.string(),
  mitigations: z.record(z.string(), z.string()),
  governor: z.string().nullable(),
  limits: z.object({ descriptors: count.nullable(), backlog: count.nullable(), ports: z.array(count) }),
  node: z.string(),
  sockbench: z.string(),
  dependencies: z.record(z.string(), z.string()),
  commit: z.string().nullable(),
  cleanTree: z.boolean().nullable(),
  loadAverage: z.array(z.number()),
});

/** One server under one workload with its knobs, and what each trial of it brought. */
const cell = z.object({
  title: z.string(),
  /** Name of the server that was measured. */
  model: z.string(),
  kind: z.enum(['model', 'reference', 'command']),
  /** Of a model. */
  family: z.enum(families).exactOptional(),
  capabilities: z.object({ connections: z.enum(['one', 'bounded', 'many']), parallel: z.boolean() }).exactOptional(),
  workload: z.string(),
  knobs,
  placement: z.object({ serverCpus: cpus.exactOptional(), clientCpus: cpus.exactOptional() }),
  trials: z.array(outcome),
});

/**
 * From which cost of a message on a model that works on several CPUs is faster than a single loop: `work` and the CPU time that
 * a message with it costs the loop. `always`, `never`: at all works measured, of which the least, or the most, is told.
 */
const costCrossing = z.object({
  workload: z.string(),
  loop: z.string(),
  model: z.string(),
  state: z.enum(['crosses', 'always', 'never']),
  work: z.number(),
  cpuNsPerMessage: z.number(),
  works: z.array(count),
});

/** A results file: everything that a run of the bench found. */
export const runResult = z.object({
  format: z.literal('sockbench-run-1'),
  startedAt: z.iso.datetime('expected a time such as 2026-01-31T12:00:00.000Z'),
  durationMs: z.number(),
  /** What ended it: intervals as narrow as wanted, the time budget, the number of trials asked for, or Ctrl-C. */
  ended: z.enum(['precise', 'budget', 'trials', 'interrupted']),
  seed: count,
  plan: z.object({ precision: z.number(), budgetMs: z.number(), trials: count.exactOptional() }),
  /** Trials of each row; in an interrupted run some have one more. */
  rounds: count,
  trialDurationMs: z.number(),
  framing: z.string(),
  environment,
  /** What the machine did meanwhile: share of its time that the hypervisor gave to others, and load average at the end. */
  during: z.object({ steal: z.number().nullable(), loadAverage: z.array(z.number()) }),
  cells: z.array(cell),
  /** Of workloads that were measured at several amounts of work. */
  costCrossings: z.array(costCrossing).exactOptional(),
  /** Looked at once when everything had been measured, each with its timeline: what happened, no figures. */
  timelines: z.array(cell),
});

export type Outcome = z.infer<typeof outcome>;
export type Environment = z.infer<typeof environment>;
export type RunResult = z.infer<typeof runResult>;
export type CostCrossing = z.infer<typeof costCrossing>;
export type CellResult = RunResult['cells'][number];

/** The schema and the load generator's own type say the same: this doesn't compile when they don't. */
export const parseLoadResult = (data: unknown): LoadResult => loadResult.parse(data);

/** @throws SockbenchError E_RESULT_FORMAT naming the field, what was expected and what was found */
export function parseRunResult(data: unknown, where: string): RunResult {
  const parsed = runResult.safeParse(data);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0]!;
  const found = path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown>)[key], data);
  const got = JSON.stringify(found)?.slice(0, 80) ?? 'nothing';
  throw new SockbenchError('E_RESULT_FORMAT', `${where}: field ${path.join('.') || '(root)'}: ${message}, got ${got}`, {
    remedy: 'is it a results file of this version of sockbench?',
  });
}

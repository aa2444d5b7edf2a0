import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { describeError, SockbenchError } from '../errors/sockbench-error.ts';
import type { LoadResult } from '../loadgen/result.ts';
import { families } from '../servers/model.ts';
import { count, cpus, loadResult, share, slo } from './load-schema.ts';

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
  serverWorkers: count.exactOptional(),
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

const clients = z.object({
  /** Clients who were served when one of the server's processes was killed. */
  connections: count,
  servedOn: count,
  lost: count,
  /** Of those who were lost and came again. */
  servedAgain: count,
});

/** What became of a model's clients when one of its processes was killed under them. */
const loss = z.discriminatedUnion('state', [
  clients.extend({ model: z.string(), state: z.literal('measured'), processes: z.object({ before: count, after: count }) }),
  z.object({ model: z.string(), state: z.enum(['skipped', 'failed']), reason: z.string() }),
]);

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
  /** Of the models of a run that was asked for no workload in particular. */
  losses: z.array(loss).exactOptional(),
});

export type Outcome = z.infer<typeof outcome>;
export type Environment = z.infer<typeof environment>;
export type RunResult = z.infer<typeof runResult>;
export type CostCrossing = z.infer<typeof costCrossing>;
export type Loss = z.infer<typeof loss>;
export type CellResult = RunResult['cells'][number];

/**
 * What a load generator process printed. The schema and its own type say the same: this doesn't compile when they don't.
 * @throws SockbenchError E_RESULT_FORMAT
 */
export const parseLoadResult = (text: string): LoadResult => parseJson(loadResult, text, LOADGEN);

const LOADGEN = 'output of the load generator';

/** @throws SockbenchError E_RESULT_FORMAT naming the field, what was expected and what was found */
export const parseRunResult = (data: unknown, where: string): RunResult => parse(runResult, data, where);

/** @throws SockbenchError E_RESULT_FILE, E_RESULT_FORMAT */
export function readResult<Schema extends z.ZodType>(schema: Schema, path: string): z.infer<Schema> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new SockbenchError('E_RESULT_FILE', `${path}: expected a results file in JSON, got ${describeError(cause)}`, { cause });
  }
  return parseJson(schema, text, path);
}

/** @throws SockbenchError E_RESULT_FILE, E_RESULT_FORMAT */
export const parseJson = <Schema extends z.ZodType>(schema: Schema, text: string, where: string): z.infer<Schema> =>
  parse(schema, fromJson(text, where), where);

/** @throws SockbenchError E_RESULT_FILE */
function fromJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SockbenchError('E_RESULT_FILE', `${where}: expected a results file in JSON, got ${describeError(cause)}`, { cause });
  }
}

function parse<Schema extends z.ZodType>(schema: Schema, data: unknown, where: string): z.infer<Schema> {
  const parsed = schema.safeParse(data);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0]!;
  const found = path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown>)[key], data);
  const got = JSON.stringify(found)?.slice(0, 80) ?? 'nothing';
  throw new SockbenchError('E_RESULT_FORMAT', `${where}: field ${path.join('.') || '(root)'}: ${message}, got ${got}`, {
    remedy: 'is it a results file of this version of sockbench?',
  });
}

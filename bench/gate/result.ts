import { z } from 'zod';
import { environment } from '../result.ts';
import { armTitles } from './arm.ts';
import { metricNames, type MetricName } from './metrics.ts';
import { finding, verdict } from './verdict.ts';

const metric = z.enum(metricNames as [MetricName, ...MetricName[]]);
const figures = z.partialRecord(metric, z.number().positive());

/** What a block found: for each arm an average over its slices, of CPU time and throughput the geometric mean. */
export const blockRecord = z.object({
  stage: z.enum(['screen', 'confirm']),
  contestant: z.string(),
  arms: z.partialRecord(z.enum(armTitles), figures),
  /** Share of base's closed-loop slices in which the load generator was the limit. */
  clientLimited: z.number(),
  /** Of the open loop, messages per second. */
  rate: z.number(),
  warmUpRounds: z.number(),
  disturbance: z.object({ stolenCpus: z.number(), foreignCpus: z.number(), suspendedMs: z.number() }).exactOptional(),
  /** Why it decides nothing. */
  dropped: z.string().exactOptional(),
});

export const row = z.object({
  contestant: z.string(),
  metric,
  /** Medians over the blocks; absent where nothing was measured. */
  base: z.number().exactOptional(),
  head: z.number().exactOptional(),
  verdict,
  /** What decided. */
  finding: finding.exactOptional(),
});

export const comparison = z.object({
  against: z.enum(['base', 'anchor', 'baseline']),
  /** As the user named it. */
  revision: z.string(),
  /** The commit that was built: the last one that the revision and HEAD have in common. */
  commit: z.string(),
  /** Whose load generator measured. */
  loadGenerator: z.string(),
  rows: z.array(row),
  blocks: z.array(blockRecord),
});

export const overall = ['clean', 'regressed', 'failed', 'invalid', 'inconclusive'] as const;

/** What `sockbench gate --json` prints. */
export const gateResult = z.object({
  format: z.literal('sockbench-gate-1'),
  startedAt: z.iso.datetime(),
  durationMs: z.number(),
  seed: z.number(),
  head: z.object({ commit: z.string(), uncommitted: z.array(z.string()) }),
  verdict: z.enum(overall),
  comparisons: z.array(comparison),
  environment,
});

export type BlockRecord = z.infer<typeof blockRecord>;
export type Row = z.infer<typeof row>;
export type Comparison = z.infer<typeof comparison>;
export type GateResult = z.infer<typeof gateResult>;
export type Overall = GateResult['verdict'];

/** The exit code of each outcome. */
export const exitCodes: Record<Overall, number> = { clean: 0, regressed: 1, failed: 2, invalid: 3, inconclusive: 3 };

/** Servers with a row that is called a regression. */
export function regressedIn(rows: readonly Row[]): string[] {
  return [...new Set(rows.flatMap(({ contestant, verdict: { state } }) => (state === 'regressed' ? [contestant] : [])))];
}

/** A failure outweighs a regression, which outweighs doubt. */
export function overallOf(rows: readonly Row[]): Overall {
  const states = new Set<string>(rows.map(({ verdict: { state } }) => state));
  return (['failed', 'regressed', 'invalid', 'inconclusive'] as const).find((state) => states.has(state)) ?? 'clean';
}

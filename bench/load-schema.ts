import { z } from 'zod';
import { loadDefaults } from '../loadgen/options.ts';
import { arrivalLaws } from '../loadgen/schedule.ts';
import { sloPercentiles } from '../loadgen/slo.ts';
import { conditions, type WarningCode } from '../loadgen/validity.ts';
import { verdicts } from '../loadgen/verdict.ts';

export const count = z.number().int().nonnegative();
const ns = z.number().nonnegative();
const percentile = ns.nullable();
const address = z.object({ host: z.string(), port: count });
export const share = z.number().min(0).max(1);
export const cpus = z.array(count);
const warningCode = z.enum(Object.keys(conditions) as [WarningCode, ...WarningCode[]]);

export const slo = z.object({ percentile: z.enum(sloPercentiles), ns: z.number().positive() });

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
  drainMs: z.number().default(loadDefaults.drainMs),
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
  machine: z
    .object({ stolenCpus: z.number(), foreignCpus: z.number().exactOptional(), suspendedMs: z.number().exactOptional() })
    .exactOptional(),
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

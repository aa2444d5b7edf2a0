import { statSync } from 'node:fs';
import { describeError, SockbenchError } from '../errors/sockbench-error.ts';
import { acceptance } from './acceptance.ts';
import { paces } from './paces/by-name.ts';
import type { Arrivals } from './schedule.ts';
import type { Slo } from './slo.ts';
import type { WarningCode } from './validity.ts';
import { workloads } from './workload.ts';

/** What to measure and how: the programmatic interface of the load generator, plain data. */
export interface LoadOptions {
  /** The server to connect to; left out, `command` is started and its port found. */
  target?: { host: string; port: number };
  /** A server to start, without a shell: program and arguments. */
  command?: string[];
  workload: string;
  transport?: string;
  framing: string;
  connections: number;
  /** Requests that each connection keeps in flight. */
  pipelining: number;
  /** Payload bytes of every message. */
  sizeBytes: number;
  /** A file that holds the message to send, instead of one made by sockbench; its size is `sizeBytes`. */
  payload?: string;
  /** What a right reply is: `echo` (what the workload says, every byte), `same-length`, `any`, or a regular expression that it matches. */
  expect: string;
  /** Where to write the histograms, as a log that HdrHistogram's tools read. */
  hdr?: string;
  /** CPU work of a message, for apps that take one; the server must be given the same. */
  work: number;
  /** How late a server that waits answers, and which share of the messages it does that to, where only some are slow; it must be given the same. */
  delayMs: number;
  slowShare: number;
  /** How many of the connections do the work, in workloads where the others only listen, or don't even read; all when left out. */
  active?: number;
  /** Messages per second over all connections, for workloads with a schedule (an open loop). */
  rate?: number;
  /** The latency that is to be kept, for workloads that find out at which rate it is; `rate` is where they begin. */
  slo: Slo;
  /** How an open loop's messages follow each other: evenly, or as from many independent users. */
  arrivals: Arrivals;
  /** Draws the schedule, and whatever else a workload leaves to chance: the same seed, the same messages at the same planned times. */
  seed: number;
  /** So long before a message is due the transport (not net) stops sleeping and polls: costs CPU time, saves the wake-up. */
  spinUs: number;
  durationMs: number;
  warmupMs: number;
  /** How long replies are awaited after the last request. */
  drainMs: number;
  /** Exactly this many requests instead of a duration; without warm-up. */
  amount?: number;
  /** A connection sends so many, closes and connects anew. */
  messagesPerConnection?: number;
  /** Threads of the load generator; connections are split among them. */
  workers: number;
  /** CPUs that the started server is confined to. */
  serverCpus?: number[];
  /** How long a started server may take until it listens. */
  readyTimeoutMs: number;
  /** Warnings that are to be accepted although they would make the result invalid. */
  allow: WarningCode[];
  /** Measures first what this load generator reaches, with the same options, from a server that does the least. */
  ceiling: boolean;
}

/**
 * In an open loop the depth is only a limit: beyond it a connection's messages are held back, their planned times standing.
 * Used where neither the user nor the workload says how much.
 */
const OPEN_LOOP_DEPTH = 256;

/** Options with nothing left open. */
export type CompleteOptions = LoadOptions & { transport: string; target: { host: string; port: number } };

export const loadDefaults = {
  framing: 'line',
  connections: 10,
  pipelining: 1,
  sizeBytes: 64,
  expect: 'echo',
  work: 200,
  delayMs: 10,
  slowShare: 0.01,
  slo: { percentile: 'p99', ns: 5e6 } as Slo,
  arrivals: 'constant',
  seed: 1,
  spinUs: 0,
  durationMs: 10_000,
  warmupMs: 500,
  drainMs: 500,
  workers: 1,
  readyTimeoutMs: 10_000,
  allow: [],
  ceiling: false,
} satisfies Partial<LoadOptions>;

/**
 * Fills in what was left out: the workload's own defaults, then the general ones.
 * @throws SockbenchError E_UNKNOWN_NAME, E_PAYLOAD
 */
export async function completed(wanted: Partial<LoadOptions>): Promise<LoadOptions> {
  const name = wanted.workload ?? (wanted.rate === undefined ? 'echo' : 'rate');
  const workload = await workloads.load(name);
  acceptance(wanted.expect ?? loadDefaults.expect); // throws what a thread would throw later
  const size = wanted.payload === undefined ? {} : { sizeBytes: fileBytes(wanted.payload) };
  const options = { ...loadDefaults, ...workload.defaults, ...wanted, ...size, workload: name };
  const planned = workload.roles(options).some(({ pace }) => paces[pace].planned);
  checkRate(name, options.rate, planned);
  return planned ? { ...options, pipelining: wanted.pipelining ?? workload.defaults?.pipelining ?? OPEN_LOOP_DEPTH } : options;
}

/** @param planned whether messages are sent at planned times with these options */
function checkRate(workload: string, rate: number | undefined, planned: boolean): void {
  if (rate === undefined) return;
  if (!(rate > 0 && rate < Infinity)) throw new SockbenchError('E_OPTION', `expected a rate above 0, got ${rate}`);
  if (planned) return;
  throw new SockbenchError('E_OPTION', `expected no rate for the closed loop of the workload ${workload}, got ${rate}`, {
    remedy: 'leave --rate out, or choose a workload with a schedule, such as rate',
  });
}

function fileBytes(path: string): number {
  try {
    return statSync(path).size;
  } catch (cause) {
    throw new SockbenchError('E_PAYLOAD', `expected a file with the message to send, got ${describeError(cause)}`, { cause });
  }
}

/** Splits a whole into parts that differ by at most one and add up to it. */
export function distribute(total: number, parts: number): number[] {
  return Array.from({ length: parts }, (_, part) => Math.floor(((part + 1) * total) / parts) - Math.floor((part * total) / parts));
}

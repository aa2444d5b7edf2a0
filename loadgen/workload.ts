import { FolderRegistry } from '../plugins/folder-registry.ts';
import type { ExchangeFactory } from './exchange.ts';
import type { Found, Measure } from './measures.ts';
import type { LoadOptions } from './options.ts';
import { paces, type PaceName } from './paces/by-name.ts';
import type { ReplyTo } from './payloads.ts';
import type { LoadResult } from './result.ts';
import type { RunAt } from './saturation.ts';
import type { Transport } from './transport.ts';

/** What clients do, what must hold of the replies, and what is reported besides rate, latency and cost. One file in workloads/ each. */
export interface Workload {
  readonly name: string;
  readonly summary: string;
  /** The app that the server must run. */
  readonly app: string;
  /** What the server must answer to a request; the first TAG_BYTES and the size stay. */
  replyTo(knobs: { work: number }): ReplyTo;
  /** What the connections do; one role is enough where all do the same. */
  roles(options: LoadOptions): readonly Role[];
  /** What is done to bytes on their way to the server, whatever the transport; left out, nothing. */
  wire?(transport: Transport, options: LoadOptions, firstSlot: number): Transport;
  /** Options that differ from `loadDefaults` unless the user says otherwise. */
  readonly defaults?: Partial<Pick<LoadOptions, Knob>>;
  /** Histograms that its exchanges record into, by name, as `context.histograms`; those of all threads are added up. */
  readonly histograms?: readonly string[];
  /** Counters that its exchanges add to, as `context.tally.counters`. */
  readonly counters?: readonly string[];
  /** Memory that the exchanges of all threads share, as `context.shared`. */
  sharedBytes?(options: LoadOptions): number;
  /** The results that only this workload has. */
  measures?(found: Found): Record<string, Measure>;
  /**
   * Several runs against the same server instead of one, each with these changes, to find out what no single one tells.
   * @returns the result to report: that of one of them, with what was found
   */
  search?(options: LoadOptions, runAt: RunAt): Promise<LoadResult>;
  /** Where messages are the work, client and server get CPUs of their own; where computing is, the server may use all. */
  readonly placement: 'apart' | 'server-everywhere';
  /** The settings that every bench measures, a row each. */
  readonly variants: readonly Variant[];
  /** Those that a bench measures as well when it is asked for this workload by name. */
  readonly moreVariants?: readonly Variant[];
  /** Looked at once, for a moment, when a bench has measured everything: what every message did there is kept. */
  readonly once?: readonly Variant[];
}

/** What some of the connections do. */
export interface Role {
  /** How many connections; the role without a number has all that remain. Each role's are spread evenly over the slots. */
  readonly connections?: number;
  readonly pace: PaceName;
  readonly exchange: ExchangeFactory;
}

/** Options that a workload, and each of its variants, may set. */
export type Knob =
  | 'connections'
  | 'active'
  | 'pipelining'
  | 'sizeBytes'
  | 'work'
  | 'delayMs'
  | 'slowShare'
  | 'rate'
  | 'slo'
  | 'messagesPerConnection';

/** Knobs that differ from the workload's defaults, and how many workers the server has, where that matters. */
export type Variant = Readonly<Pick<LoadOptions, 'connections'> & Partial<Pick<LoadOptions, Knob>> & { serverWorkers?: number }>;

export const workloads = new FolderRegistry<Workload>('workload', new URL('./workloads/', import.meta.url));

export const defineWorkload = (workload: Workload): Workload => workload;

/** By slot, which of the roles it has. */
export function assignRoles(roles: readonly Role[], slots: number): Uint8Array {
  const REST = 0xff;
  const assigned = new Uint8Array(slots).fill(REST);
  roles.forEach(({ connections = 0 }, role) => {
    const free = Array.from(assigned.keys()).filter((slot) => assigned[slot] === REST);
    const count = Math.min(connections, free.length);
    for (let index = 0; index < count; index += 1) assigned[free[Math.floor(((index + 0.5) * free.length) / count)]!] = role;
  });
  const rest = roles.findIndex(({ connections }) => connections === undefined);
  return assigned.map((role) => (role === REST ? Math.max(rest, 0) : role));
}

/** By slot, whether it ever sends anything. */
export function sendingSlots(roles: readonly Role[], slots: number): boolean[] {
  return Array.from(assignRoles(roles, slots), (role) => paces[roles[role]!.pace].sends);
}

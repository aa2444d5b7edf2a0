import type { Witnessed } from './timeline.ts';

/** What a thread of the load generator counts. Plain numbers, so that it can be sent to another thread and added up. */
export interface Tally {
  /** Correct replies, in a room correct deliveries. */
  messages: number;
  /** Requests without a reply when the run was over. */
  unanswered: number;
  /** Connections on which a request was sent, or that others' messages were to reach, and those of them that got any. */
  connections: { opened: number; served: number };
  errors: Errors;
  /** Messages planned in the measured time of an open loop: sent, sent late because the connection was full or closed, never sent. */
  offered: { sent: number; held: number; unsent: number };
  /** By the names that the workload declared. */
  counters: Record<string, number>;
  /** Connections that failed to open or broke, by errno name; `closed` when the server ended one unasked. */
  failures: Record<string, number>;
  /** Messages of workloads that keep each. */
  witnessed: Witnessed[];
}

/** Replies that are not what the request asked for. */
export interface Errors {
  /** Provably lost: later messages of the same sender arrived. */
  missing: number;
  duplicated: number;
  reordered: number;
  /** Not the expected bytes, or no frame at all. */
  corrupt: number;
  /** Belongs to another connection. */
  foreign: number;
}

export const newTally = (): Tally => ({
  messages: 0,
  unanswered: 0,
  connections: { opened: 0, served: 0 },
  errors: { missing: 0, duplicated: 0, reordered: 0, corrupt: 0, foreign: 0 },
  offered: { sent: 0, held: 0, unsent: 0 },
  counters: {},
  failures: {},
  witnessed: [],
});

export function addTally(into: Tally, from: Tally): void {
  into.messages += from.messages;
  into.unanswered += from.unanswered;
  into.connections.opened += from.connections.opened;
  into.connections.served += from.connections.served;
  addCounts(into.errors, from.errors);
  addCounts(into.offered, from.offered);
  addCounts(into.counters, from.counters);
  addCounts(into.failures, from.failures);
  into.witnessed.push(...from.witnessed);
}

function addCounts<Kinds extends object>(into: Kinds, from: Kinds): void {
  const sums = into as Record<string, number>;
  for (const [kind, count] of Object.entries(from) as [string, number][]) sums[kind] = (sums[kind] ?? 0) + count;
}

export function countAll(kinds: object): number {
  return Object.values(kinds).reduce((sum: number, count: number) => sum + count, 0);
}

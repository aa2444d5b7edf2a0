import type { SleepingCall } from '../posix/sleeping-call.ts';
import type { Service } from './service.ts';

export const families = ['iterative', 'process', 'thread', 'loop', 'multi-loop', 'completion'] as const;
export type Family = (typeof families)[number];

/** A way to serve many clients: what sockbench compares. One file in models/ each. */
export interface ServerModel {
  readonly name: string;
  readonly family: Family;
  /** Stands for its family in a run that names no models. */
  readonly representative?: true;
  readonly summary: string;
  /** Where the model is described, e.g. "UNP ch. 30, design 0". */
  readonly source: string;
  readonly capabilities: Capabilities;
  readonly evidence: Evidence;
  /** Resolves when clients can connect. */
  start(service: Service): Promise<RunningServer>;
  /** What runs in each thread or process that the model starts; see member.ts. */
  member?(service: Service, data: unknown): Promise<void>;
}

/** `posix`: system calls through koffi. `io_uring`: that facility of the kernel. */
export type Requirement = 'posix' | 'io_uring';

export interface Capabilities {
  /** How many connections are served at once. A chat room has as many members. */
  readonly connections: 'one' | 'bounded' | 'many';
  /** Whether messages are handled on several CPUs at once. */
  readonly parallel: boolean;
  readonly platforms: 'all' | readonly NodeJS.Platform[];
  readonly requires?: readonly Requirement[];
}

/**
 * What can be seen of a model from outside, with strace and /proc, and tells it from the others. test/e2e/evidence/ holds
 * each model to it; docs/models.md prints it. N is `service.workers`.
 */
export interface Evidence {
  /** Who serves connections, that is, receives what clients send. */
  readonly servedBy: 'one thread' | 'N threads' | 'N processes' | 'a thread each' | 'a process each';
  /** Where they sleep until a client sends. */
  readonly receivesIn: SleepingCall;
  /** Who takes connections from the kernel: `each` those that it serves, or `one` thread all of them. */
  readonly acceptedBy: 'each' | 'one';
  /** What they take them from, if not from one listening socket for all. */
  readonly acceptsFrom?: 'a listening socket each';
  /** Where whoever accepts sleeps until a client comes. */
  readonly acceptsIn: SleepingCall;
  /** Where the others who serve sleep while nobody is connected, if not there too. */
  readonly idlesIn?: SleepingCall;
  /** Who runs the app, if not whoever serves the connection. */
  readonly handledBy?: 'other threads';
}

export interface RunningServer {
  readonly port: number;
  /** Accepts no more, lets open connections finish what they sent, at most `limits.drainMs`, and frees everything. */
  stop(): Promise<void>;
}

export const defineModel = (model: ServerModel): ServerModel => model;

import { FolderRegistry } from '../plugins/folder-registry.ts';
import type { ExchangeFactory } from './exchange.ts';
import type { ReplyTo } from './payloads.ts';

/** What clients do and what must hold of the replies. One file in workloads/ each. */
export interface Workload {
  readonly name: string;
  readonly summary: string;
  /** The app that the server must run. */
  readonly app: string;
  /** What the server must answer to a request; the first TAG_BYTES and the size stay. */
  replyTo(knobs: { work: number }): ReplyTo;
  readonly exchange: ExchangeFactory;
  /** Where messages are the work, client and server get CPUs of their own; where computing is, the server may use all. */
  readonly placement: 'apart' | 'server-everywhere';
  /** The settings that the bench measures, a row each. */
  readonly variants: readonly Variant[];
}

/** Knobs that differ from `variantDefaults`. */
export interface Variant {
  readonly connections: number;
  readonly pipelining?: number;
  readonly sizeBytes?: number;
  readonly work?: number;
  readonly messagesPerConnection?: number;
}

export const workloads = new FolderRegistry<Workload>('workload', new URL('./workloads/', import.meta.url));

export const defineWorkload = (workload: Workload): Workload => workload;

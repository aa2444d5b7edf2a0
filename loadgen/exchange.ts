import type { Framing } from '../framing/framing.ts';
import type { Accepts } from './acceptance.ts';
import type { Recorder } from './recorder.ts';
import type { Requests, RequestsContext } from './requests.ts';
import type { Tally } from './tally.ts';
import type { Transport } from './transport.ts';

/** One connection's side of a workload: its requests, and what it makes of the bytes that come back. */
export interface Exchange {
  readonly requests: Requests;
  /** Where others' messages come, too: whether any has. */
  readonly heard?: boolean;
  /** A new connection has this number. */
  begin(connection: number): void;
  /** Sends the next `count` requests, planned for and leaving at these times; `count` more must fit into the depth. */
  send(transport: Transport, transportSlot: number, count: number, plannedNs: number, sentNs: number): void;
  /**
   * Checks and counts what arrived, and records the latency of each own request that it answers.
   * @returns how many own requests were answered
   * @throws SockbenchError E_FRAME_…: the stream can't be read any further
   */
  received(chunk: Buffer, length: number, atNs: number): number;
  /** Nothing is missing any more, as far as this connection can tell. */
  settled(): boolean;
  /**
   * Only of a client that hangs on purpose and reads nothing: counts that the server has dropped it. Nothing is owed to such a
   * connection; it counts neither as served nor as broken, and isn't opened anew.
   */
  dropped?(): void;
  /** The connection is over: whatever is unanswered counts as such, with its age as a lower bound. */
  finish(atNs: number): void;
}

/** What the exchanges of one thread have in common. */
export interface ExchangeContext extends RequestsContext {
  readonly framing: Framing;
  readonly tally: Tally;
  /** Whether this is a right reply; undefined: only the one that the workload says is. */
  readonly accepts?: Accepts | undefined;
  /** By the names that the workload declared. */
  readonly histograms: Readonly<Record<string, Recorder>>;
  /** Connections of the whole run, over all threads. */
  readonly totalSlots: number;
  /** Memory that all threads share, zeros at first: as much as the workload wanted. */
  readonly shared: SharedArrayBuffer;
}

export type ExchangeFactory = (context: ExchangeContext, slot: number) => Exchange;

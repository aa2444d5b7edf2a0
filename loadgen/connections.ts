import { AnsweredSlots } from './answered-slots.ts';
import type { Exchange } from './exchange.ts';
import type { Tally } from './tally.ts';
import type { Transport } from './transport.ts';

export interface ConnectionsPlan {
  /** Slots of this thread, and the number of its first one among all. */
  slots: number;
  firstSlot: number;
  totalSlots: number;
  /** Requests that this thread may send in all; Infinity when the duration decides. */
  amount: number;
  messagesPerConnection: number;
}

/** The connections of one thread: which are open, and what each has sent and been answered. Paces decide when they send. */
export class Connections {
  readonly count: number;
  readonly exchanges: readonly Exchange[];
  /** Requests of each slot answered while measuring. */
  readonly answered: Float64Array;
  /** Those that were answered and have not sent again. */
  readonly fresh: AnsweredSlots;
  /** Requests that may still be sent on all of them. */
  sendable: number;
  readonly #plan: ConnectionsPlan;
  readonly #tally: Tally;
  /** Set before anything is sent. */
  transport!: Transport;
  readonly #open: Uint8Array;
  readonly #served: Uint8Array;
  readonly #sent: Float64Array;
  readonly #generation: Int32Array;

  constructor(plan: ConnectionsPlan, exchanges: readonly Exchange[], tally: Tally) {
    this.count = plan.slots;
    this.exchanges = exchanges;
    this.answered = new Float64Array(plan.slots);
    this.fresh = new AnsweredSlots(plan.slots);
    this.sendable = plan.amount;
    this.#plan = plan;
    this.#tally = tally;
    this.#open = new Uint8Array(plan.slots);
    this.#served = new Uint8Array(plan.slots);
    this.#sent = new Float64Array(plan.slots);
    this.#generation = new Int32Array(plan.slots);
  }

  /** Connections are opened all the time, not only at first. */
  get comeAndGo(): boolean {
    return this.#plan.messagesPerConnection < Infinity;
  }

  isOpen(slot: number): boolean {
    return this.#open[slot] === 1;
  }

  opened(slot: number): void {
    const { totalSlots, firstSlot } = this.#plan;
    this.#open[slot] = 1;
    this.#served[slot] = 0;
    this.#sent[slot] = 0;
    this.exchanges[slot]!.begin(this.#generation[slot]! * totalSlots + firstSlot + slot);
    this.#generation[slot]! += 1;
  }

  /** How many requests the connection can take now; 0 while it is closed. */
  room(slot: number): number {
    if (this.#open[slot] === 0) return 0;
    const { requests } = this.exchanges[slot]!;
    return Math.min(requests.depth - requests.inFlight, this.#plan.messagesPerConnection - this.#sent[slot]!, this.sendable);
  }

  /** Sends the next `count` requests; there must be room for them. */
  send(slot: number, count: number, plannedNs: number, sentNs: number): void {
    if (!this.#hangs(slot)) this.sendable -= count;
    this.#sent[slot]! += count;
    this.exchanges[slot]!.send(this.transport, slot, count, plannedNs, sentNs);
  }

  /** So many of the slot's requests were answered at this time. */
  noteAnswered(slot: number, count: number, atNs: number): void {
    this.answered[slot]! += count;
    this.fresh.add(slot, atNs);
    this.#served[slot] = 1;
  }

  /** It has sent as much as a connection may, all of it was answered, and there is more to send. */
  isSpent(slot: number): boolean {
    return (
      this.#open[slot] === 1 &&
      this.#sent[slot]! >= this.#plan.messagesPerConnection &&
      this.exchanges[slot]!.requests.inFlight === 0 &&
      this.sendable > 0
    );
  }

  /** It leaves, having got all that it asked for; what others would still have said to it is not owed. */
  left(slot: number): void {
    this.#open[slot] = 0;
    this.#count(slot);
  }

  /** It is over: what is unanswered on it counts as such. */
  ended(slot: number, atNs: number): void {
    if (this.#open[slot] === 0) return;
    this.#open[slot] = 0;
    this.#count(slot);
    this.exchanges[slot]!.finish(atNs);
  }

  /** The run is over. Closes those that the next run can't use: something is missing on them, or they hang. */
  endAll(atNs: number): void {
    for (let slot = 0; slot < this.count; slot += 1) {
      const usable = this.isOpen(slot) && this.exchanges[slot]!.settled() && !this.#hangs(slot);
      if (!usable) this.transport.close(slot);
      this.ended(slot, atNs);
    }
  }

  /** The server ended it, or it broke. @returns whether that is a failure */
  broke(slot: number, atNs: number): boolean {
    const expected = this.isOpen(slot) && this.#hangs(slot);
    this.ended(slot, atNs);
    if (expected) this.exchanges[slot]!.dropped!();
    return !expected;
  }

  /** Requests answered while measuring, of each connection that takes part: one that only listens, or hangs, does not. */
  get answeredBySlot(): Float64Array {
    const listens = (slot: number): boolean => this.#generation[slot]! > 0 && this.exchanges[slot]!.requests.next === 0;
    return this.answered.filter((_, slot) => !listens(slot) && !this.#hangs(slot));
  }

  #hangs(slot: number): boolean {
    return this.exchanges[slot]!.dropped !== undefined;
  }

  /** A connection that has asked for something, or was to hear something, and whether it got any. */
  #count(slot: number): void {
    if (this.#hangs(slot)) return;
    const { heard } = this.exchanges[slot]!;
    const { connections } = this.#tally;
    if (this.#sent[slot]! > 0 || heard !== undefined) connections.opened += 1;
    if (this.#served[slot] === 1 || heard === true) connections.served += 1;
  }

  /** Nothing is missing any more on any open connection. */
  settled(): boolean {
    return this.exchanges.every((exchange, slot) => this.#open[slot] === 0 || exchange.settled());
  }
}

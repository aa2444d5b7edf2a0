import { SockbenchError } from '../errors/sockbench-error.ts';
import { nowNs } from './clock.ts';
import type { Exchange } from './exchange.ts';
import type { Recorder } from './recorder.ts';
import type { Tally } from './tally.ts';
import type { Transport, TransportEvents } from './transport.ts';

export interface LoopPlan {
  /** Slots of this thread, and the number of its first one among all. */
  slots: number;
  firstSlot: number;
  totalSlots: number;
  pipelining: number;
  warmupNs: number;
  durationNs: number;
  /** Requests that this thread may send in all; Infinity when the duration decides. */
  amount: number;
  messagesPerConnection: number;
}

/** What the loop tells while it runs. */
export interface LoopObserver {
  measuring(): void;
  /** With the messages since measuring began. */
  measured(messages: number): void;
  /** Called at every tick with the messages since measuring began, 0 before; true ends the run now. */
  tick(messages: number): boolean;
}

/** How long connecting may take before the run goes on with those connections that are open. */
const CONNECT_LIMIT_NS = 2e9;
/** How long replies are awaited after the last request. */
const DRAIN_LIMIT_NS = 500e6;

/** With an amount instead of a duration: how long to wait for the next reply before giving the rest up. */
const STALL_LIMIT_NS = 2e9;

type Phase = 'connecting' | 'warming' | 'measuring' | 'draining' | 'over';

/**
 * Closed loop: every connection keeps `pipelining` requests in flight and sends the next as soon as one is answered.
 * Connect, warm up, measure, then await what is in flight: replies that come then count as latencies, not as throughput.
 */
export class ClosedLoop implements TransportEvents {
  readonly #plan: LoopPlan;
  readonly #exchanges: readonly Exchange[];
  readonly #recorder: Recorder;
  readonly #tally: Tally;
  readonly #observer: LoopObserver;
  readonly #open: Uint8Array;
  readonly #served: Uint8Array;
  readonly #sent: Float64Array;
  readonly #generation: Int32Array;
  /** Slots whose connection broke; they connect anew at the next tick. */
  #lost: number[] = [];
  #lastFailure: string | undefined;
  #everConnected = false;
  /** Connecting is over, and no connection is open. */
  #unreachable = false;
  #transport!: Transport;
  #phase: Phase = 'connecting';
  #phaseEndsAtNs = 0;
  #measureStartNs = 0;
  #connectsPending: number;
  #sendable: number;
  /** Requests of each connection answered while measuring. */
  readonly answeredBySlot: Float64Array;
  measuredNs = 0;
  measuredMessages = 0;

  constructor(plan: LoopPlan, exchanges: readonly Exchange[], recorder: Recorder, tally: Tally, observer: LoopObserver) {
    this.#plan = plan;
    this.#exchanges = exchanges;
    this.#recorder = recorder;
    this.#tally = tally;
    this.#observer = observer;
    this.#open = new Uint8Array(plan.slots);
    this.#served = new Uint8Array(plan.slots);
    this.#sent = new Float64Array(plan.slots);
    this.#generation = new Int32Array(plan.slots);
    this.answeredBySlot = new Float64Array(plan.slots);
    this.#connectsPending = plan.slots;
    this.#sendable = plan.amount;
  }

  /** Resolves when the run is over. Throws the connection's error, e.g. ECONNREFUSED, when none could be opened. */
  async run(transport: Transport): Promise<void> {
    this.#transport = transport;
    this.#phaseEndsAtNs = nowNs() + CONNECT_LIMIT_NS;
    for (let slot = 0; slot < this.#plan.slots; slot += 1) transport.connect(slot);
    await transport.run();
    if (this.#unreachable) {
      throw new SockbenchError(this.#lastFailure ?? 'E_CONNECT', `expected to connect, got ${this.#lastFailure ?? 'no answer'}`, {
        remedy: 'is the server running, and is this its address?',
      });
    }
  }

  connected(slot: number): void {
    this.#open[slot] = 1;
    this.#served[slot] = 0;
    this.#sent[slot] = 0;
    this.#everConnected = true;
    this.#exchanges[slot]!.begin(this.#generation[slot]! * this.#plan.totalSlots + this.#plan.firstSlot + slot);
    this.#generation[slot]! += 1;
    if (this.#phase === 'connecting') this.#connectSettled();
    else this.#refill(slot);
  }

  received(slot: number, chunk: Buffer, length: number): void {
    if (this.#phase === 'over') return; // the rest of a batch: what it answers has been counted as unanswered
    const atNs = nowNs();
    let answered = 0;
    try {
      answered = this.#exchanges[slot]!.received(chunk, length, atNs);
    } catch (error) {
      if (!(error instanceof SockbenchError)) throw error;
      this.#tally.errors.corrupt += 1;
      this.#transport.close(slot);
      this.#dropped(slot, error.code, atNs);
      return;
    }
    if (answered > 0) {
      this.answeredBySlot[slot]! += answered;
      if (this.#served[slot] === 0) {
        this.#served[slot] = 1;
        this.#tally.connections.served += 1;
      }
      if (this.#plan.amount !== Infinity) this.#phaseEndsAtNs = atNs + STALL_LIMIT_NS;
    }
    this.#drainWhenAllAnswered(atNs);
    if (atNs >= this.#phaseEndsAtNs) this.#advance(atNs);
    if (answered > 0) this.#refill(slot);
  }

  closed(slot: number, code: string | undefined): void {
    this.#dropped(slot, code ?? 'closed', nowNs());
  }

  tick(): void {
    const atNs = nowNs();
    if (this.#observer.tick(this.#measureStartNs === 0 ? 0 : this.#tally.messages) && this.#phase !== 'draining') this.#drain(atNs);
    this.#drainWhenAllAnswered(atNs);
    if (atNs >= this.#phaseEndsAtNs) this.#advance(atNs);
    if (this.#phase === 'draining' && this.#settled()) this.#finish(atNs);
    const lost = this.#lost;
    this.#lost = [];
    if (this.#sending) for (const slot of lost) this.#transport.connect(slot);
  }

  get #sending(): boolean {
    return this.#phase === 'measuring' || this.#phase === 'warming';
  }

  #advance(atNs: number): void {
    if (this.#phase === 'connecting') this.#warm(atNs);
    else if (this.#phase === 'warming') this.#measure(atNs);
    else if (this.#phase === 'measuring') this.#drain(atNs);
    else this.#finish(atNs);
  }

  #warm(atNs: number): void {
    if (!this.#everConnected) {
      this.#unreachable = true;
      this.#finish(atNs);
      return;
    }
    this.#phase = 'warming';
    this.#phaseEndsAtNs = atNs + this.#plan.warmupNs;
    if (this.#plan.warmupNs === 0) this.#measure(atNs);
    for (let slot = 0; slot < this.#plan.slots; slot += 1) this.#refill(slot);
  }

  #measure(atNs: number): void {
    this.#phase = 'measuring';
    this.#measureStartNs = atNs;
    this.#phaseEndsAtNs = atNs + (this.#plan.amount === Infinity ? this.#plan.durationNs : STALL_LIMIT_NS);
    this.#recorder.reset();
    this.#tally.messages = 0;
    this.answeredBySlot.fill(0);
    this.#observer.measuring();
  }

  #drain(atNs: number): void {
    if (this.#phase === 'measuring') {
      this.measuredNs = atNs - this.#measureStartNs;
      this.measuredMessages = this.#tally.messages;
      this.#observer.measured(this.measuredMessages);
    }
    this.#phase = 'draining';
    this.#phaseEndsAtNs = atNs + DRAIN_LIMIT_NS;
  }

  #finish(atNs: number): void {
    if (this.#phase === 'over') return;
    this.#phase = 'over';
    for (let slot = 0; slot < this.#plan.slots; slot += 1) if (this.#open[slot] === 1) this.#exchanges[slot]!.finish(atNs);
    this.#transport.stop();
  }

  #settled(): boolean {
    return this.#exchanges.every((exchange, slot) => this.#open[slot] === 0 || exchange.settled());
  }

  #drainWhenAllAnswered(atNs: number): void {
    if (this.#sendable === 0 && this.#phase === 'measuring' && this.#settled()) this.#drain(atNs);
  }

  #connectSettled(): void {
    this.#connectsPending -= 1;
    if (this.#connectsPending === 0) this.#warm(nowNs());
  }

  #dropped(slot: number, code: string, atNs: number): void {
    if (this.#phase === 'over') return;
    if (this.#open[slot] === 1) this.#exchanges[slot]!.finish(atNs);
    this.#open[slot] = 0;
    if (this.#phase === 'draining') return;
    this.#lastFailure = code;
    this.#tally.failures[code] = (this.#tally.failures[code] ?? 0) + 1;
    if (this.#phase === 'connecting') this.#connectSettled();
    this.#lost.push(slot);
  }

  #refill(slot: number): void {
    if (!this.#sending || this.#open[slot] === 0) return;
    const exchange = this.#exchanges[slot]!;
    const { requests } = exchange;
    const left = this.#plan.messagesPerConnection - this.#sent[slot]!;
    const count = Math.min(requests.depth - requests.inFlight, left, this.#sendable);
    if (count > 0) {
      if (this.#sent[slot] === 0) this.#tally.connections.opened += 1;
      this.#sent[slot]! += count;
      this.#sendable -= count;
      exchange.send(this.#transport, slot, count);
    } else if (left === 0 && requests.inFlight === 0 && this.#sendable > 0) {
      this.#open[slot] = 0;
      this.#transport.close(slot);
      this.#transport.connect(slot);
    }
  }
}

import { SockbenchError } from '../errors/sockbench-error.ts';
import { nowNs } from './clock.ts';
import type { Connections } from './connections.ts';
import { limits, type LoopObserver, type LoopParts, type LoopPlan } from './loop-parts.ts';
import type { PaceSet } from './pace-set.ts';
import type { Tally } from './tally.ts';
import { TICK_NS, type Transport, type TransportEvents } from './transport.ts';

type Phase = 'connecting' | 'lining up' | 'warming' | 'measuring' | 'draining' | 'over';

/**
 * The phases of a run in one thread: connect, wait for the other threads, warm up, measure, then await what is in flight:
 * replies that come then count as latencies, not as throughput. When each connection sends is its pace's affair.
 */
export class Loop implements TransportEvents {
  readonly #plan: LoopPlan;
  readonly #parts: LoopParts;
  readonly #connections: Connections;
  readonly #paces: PaceSet;
  readonly #tally: Tally;
  readonly #observer: LoopObserver;
  readonly #connectingSinceNs: Float64Array;
  /** Slots whose connection broke; they connect anew at the next tick. */
  readonly #lost: number[] = [];
  #lastFailure: string | undefined;
  #everConnected = false;
  /** Connecting is over, and no connection is open. */
  #unreachable = false;
  #transport!: Transport;
  #phase: Phase = 'connecting';
  #phaseEndsNs = Infinity;
  #connectsPending: number;
  /** 0 before measuring. */
  measureStartNs = 0;
  measuredNs = 0;
  measuredMessages = 0;
  /** Messages of the first half of the time. */
  firstHalfMessages = 0;

  constructor(plan: LoopPlan, parts: LoopParts, observer: LoopObserver) {
    this.#plan = plan;
    this.#parts = parts;
    this.#connections = parts.connections;
    this.#paces = parts.paces;
    this.#tally = parts.tally;
    this.#observer = observer;
    this.#connectingSinceNs = new Float64Array(parts.connections.count);
    this.#connectsPending = parts.connections.count;
  }

  /** Resolves when the run is over. Throws the connection's error, e.g. ECONNREFUSED, when none could be opened. */
  async run(transport: Transport): Promise<void> {
    this.#transport = transport;
    this.#connections.transport = transport;
    transport.events = this;
    this.#phaseEndsNs = nowNs() + limits.connectNs;
    for (let slot = 0; slot < this.#connections.count; slot += 1) {
      if (transport.isOpen(slot)) this.#opened(slot, nowNs());
      else this.#connect(slot);
    }
    await transport.run();
    if (this.#unreachable) {
      throw new SockbenchError(this.#lastFailure ?? 'E_CONNECT', `expected to connect, got ${this.#lastFailure ?? 'no answer'}`, {
        remedy: 'is the server running, and is this its address?',
      });
    }
  }

  connected(slot: number): void {
    const atNs = nowNs();
    this.#parts.recorders.connectTime.record(atNs - this.#connectingSinceNs[slot]!);
    this.#opened(slot, atNs);
  }

  received(slot: number, chunk: Buffer, length: number): void {
    if (this.#phase === 'over') return; // the rest of a batch: what it answers has been counted as unanswered
    const atNs = nowNs();
    let answered = 0;
    try {
      answered = this.#connections.exchanges[slot]!.received(chunk, length, atNs);
    } catch (error) {
      if (!(error instanceof SockbenchError)) throw error;
      this.#tally.errors.corrupt += 1;
      this.#transport.close(slot);
      this.#dropped(slot, error.code, atNs);
      return;
    }
    if (answered > 0) {
      this.#connections.noteAnswered(slot, answered, atNs);
      if (this.#plan.durationNs === Infinity) this.#phaseEndsNs = atNs + limits.stallNs;
    }
    this.#drainWhenAllAnswered(atNs);
    if (atNs >= this.#phaseEndsNs) this.#advance(atNs);
    if (atNs >= this.#paces.nextNs) this.#paces.due(atNs);
  }

  closed(slot: number, code: string | undefined): void {
    this.#dropped(slot, code ?? 'closed', nowNs());
  }

  tick(): number {
    this.#sendMore();
    const atNs = nowNs();
    if (this.#observer.tick(this.measureStartNs === 0 ? 0 : this.#tally.messages) && this.#phase !== 'draining') this.#drain(atNs);
    this.#drainWhenAllAnswered(atNs);
    if (this.#phase === 'lining up') this.#phaseEndsNs = this.#parts.startLine.startNs;
    if (this.#phase === 'draining') this.#phaseEndsNs = this.#parts.finishLine.startNs + this.#plan.drainNs;
    if (atNs >= this.#phaseEndsNs) this.#advance(atNs);
    if (this.#phase === 'draining' && this.#phaseEndsNs < Infinity && this.#connections.settled()) this.#finish(atNs);
    if (this.#sending) {
      if (this.#lost.length > 0) for (const slot of this.#lost.splice(0)) this.#connect(slot);
      this.#paces.due(atNs);
    }
    const nextNs = Math.min(this.#paces.nextNs, this.#phaseEndsNs);
    return nextNs - atNs > TICK_NS ? TICK_NS : nextNs - nowNs(); // sending took its time
  }

  #opened(slot: number, atNs: number): void {
    this.#everConnected = true;
    this.#connections.opened(slot);
    if (this.#phase === 'connecting') this.#connectSettled();
    else if (this.#sending) this.#paces.ready(slot, atNs);
  }

  get #sending(): boolean {
    return this.#phase === 'measuring' || this.#phase === 'warming';
  }

  #connect(slot: number): void {
    this.#connectingSinceNs[slot] = nowNs();
    this.#transport.connect(slot);
  }

  /**
   * On with all connections that were answered in this batch of events. Receiving first and sending then wakes a server that is
   * faster than this loop once a batch instead of once a message.
   */
  #sendMore(): void {
    const { fresh } = this.#connections;
    if (this.#sending) for (let index = 0; index < fresh.count; index += 1) this.#more(fresh.slots[index]!, fresh.atNs[index]!);
    fresh.clear();
  }

  /** The slot's connection may send more, or has sent as much as one may. */
  #more(slot: number, atNs: number): void {
    if (this.#connections.isSpent(slot)) {
      this.#connections.left(slot);
      this.#transport.close(slot);
      this.#connect(slot);
    } else {
      this.#paces.ready(slot, atNs);
    }
  }

  #advance(atNs: number): void {
    if (this.#phase === 'connecting') this.#lineUp(atNs);
    else if (this.#phase === 'lining up') this.#warm(atNs);
    else if (this.#phase === 'warming') this.#measure(atNs);
    else if (this.#phase === 'measuring') this.#halfOver(atNs);
    else this.#finish(atNs);
  }

  #lineUp(atNs: number): void {
    this.#unreachable = !this.#everConnected;
    if (this.#unreachable) {
      this.#finish(atNs);
      return;
    }
    this.#parts.startLine.arrive();
    this.#phase = 'lining up';
    this.#phaseEndsNs = this.#parts.startLine.startNs;
    if (nowNs() >= this.#phaseEndsNs) this.#warm(nowNs());
  }

  #warm(atNs: number): void {
    const startNs = this.#phaseEndsNs;
    this.#phase = 'warming';
    this.#phaseEndsNs = startNs + this.#plan.warmupNs;
    this.#parts.window.fromNs = this.#phaseEndsNs;
    this.#parts.window.untilNs = this.#phaseEndsNs + this.#plan.durationNs;
    if (this.#plan.warmupNs === 0) this.#measure(atNs);
    this.#paces.begin(startNs);
    this.#paces.due(atNs);
  }

  #measure(atNs: number): void {
    this.#phase = 'measuring';
    this.measureStartNs = atNs;
    const { durationNs } = this.#plan;
    this.#phaseEndsNs = durationNs === Infinity ? atNs + limits.stallNs : this.#phaseEndsNs + durationNs / 2;
    for (const [name, recorder] of Object.entries(this.#parts.recorders)) {
      if (name !== 'connectTime' || this.#connections.comeAndGo) recorder.reset(); // else connecting is mostly done before
    }
    this.#tally.messages = 0;
    this.#connections.answered.fill(0);
    this.#observer.measuring();
  }

  /** Half of the duration is over, or all of it; with an amount, nothing came for long. */
  #halfOver(atNs: number): void {
    const { untilNs } = this.#parts.window;
    if (this.#plan.durationNs === Infinity && this.#paces.nextNs < Infinity) {
      this.#phaseEndsNs = this.#paces.nextNs + limits.stallNs;
    } else if (this.#plan.durationNs === Infinity || atNs >= untilNs) {
      this.#drain(atNs);
    } else {
      this.firstHalfMessages = this.#tally.messages;
      this.#phaseEndsNs = untilNs;
    }
  }

  #drain(atNs: number): void {
    if (this.#phase === 'measuring') {
      this.measuredNs = atNs - this.measureStartNs;
      this.measuredMessages = this.#tally.messages;
      this.#observer.measured(this.measuredMessages);
    }
    if (this.#sending) this.#paces.end(atNs);
    this.#phase = 'draining';
    this.#parts.finishLine.arrive();
    this.#phaseEndsNs = this.#parts.finishLine.startNs + this.#plan.drainNs;
  }

  #finish(atNs: number): void {
    if (this.#phase === 'over') return;
    this.#phase = 'over';
    this.#connections.endAll(atNs);
    this.#transport.stop();
  }

  #drainWhenAllAnswered(atNs: number): void {
    if (this.#connections.sendable === 0 && this.#phase === 'measuring' && this.#connections.settled()) this.#drain(atNs);
  }

  #connectSettled(): void {
    this.#connectsPending -= 1;
    if (this.#connectsPending === 0) this.#lineUp(nowNs());
  }

  #dropped(slot: number, code: string, atNs: number): void {
    if (this.#phase === 'over') return;
    if (!this.#connections.broke(slot, atNs) || this.#phase === 'draining') return;
    this.#lastFailure = code;
    this.#tally.failures[code] = (this.#tally.failures[code] ?? 0) + 1;
    if (this.#phase === 'connecting') this.#connectSettled();
    this.#lost.push(slot);
  }
}

import { TICK_NS, type Transport, type TransportEvents } from '../../../loadgen/transport.ts';
import type { HandClock } from './hand-clock.ts';

/** What stands at the other end, played by a test. */
export interface VirtualServer {
  /** The errno with which it refuses a connection, if it does. */
  refuses?(slot: number): string | undefined;
  /** Whether it leaves an attempt to connect without an answer. */
  ignores?(slot: number): boolean;
  /** Bytes came from a slot. It answers through the network, now or later. */
  receives(slot: number, bytes: Buffer, network: VirtualNetwork): void;
}

/** Any way takes so long unless a test says otherwise. */
const WAY_MS = 1;
/** By then every run is over. */
const PATIENCE_MS = 3_600_000;

/** A transport in virtual time: what is due at the same instant arrives in one batch, as from epoll. */
export class VirtualNetwork implements Transport {
  /** Slots, in the order in which they connected. */
  readonly connects: number[] = [];
  readonly #clock: HandClock;
  readonly #server: VirtualServer;
  events!: TransportEvents;
  /** By slot, which of its connections is open: nothing comes from an earlier one. */
  readonly #visits = new Map<number, number>();
  readonly #paused = new Set<number>();
  #due: { atMs: number; deliver: () => void }[] = [];
  #running = false;
  readonly #open = new Set<number>();

  constructor(clock: HandClock, server: VirtualServer) {
    this.#clock = clock;
    this.#server = server;
  }

  get nowMs(): number {
    return this.#clock.nowMs;
  }

  connect(slot: number): void {
    this.connects.push(slot);
    this.close(slot);
    if (this.#server.ignores?.(slot) === true) return;
    const refusal = this.#server.refuses?.(slot);
    if (refusal === undefined) this.#later(slot, WAY_MS, () => this.#connected(slot));
    else this.hangUp(slot, refusal);
  }

  isOpen(slot: number): boolean {
    return this.#open.has(slot);
  }

  send(slot: number, bytes: Buffer, length: number): void {
    this.#server.receives(slot, Buffer.from(bytes.subarray(0, length)), this);
  }

  pause(slot: number): void {
    this.#paused.add(slot);
  }

  close(slot: number): void {
    this.#open.delete(slot);
    this.#paused.delete(slot);
    this.#visits.set(slot, (this.#visits.get(slot) ?? 0) + 1);
  }

  /** The server answers. */
  reply(slot: number, bytes: Buffer, afterMs = WAY_MS): void {
    this.#later(slot, afterMs, () => {
      if (this.#paused.has(slot)) return;
      const reused = Buffer.concat([bytes, Buffer.alloc(100)]);
      this.events.received(slot, reused, bytes.length);
      reused.fill(0);
    });
  }

  /** The server ends the connection, or it breaks. */
  hangUp(slot: number, code?: string, afterMs = WAY_MS): void {
    this.#later(slot, afterMs, () => {
      this.close(slot);
      this.events.closed(slot, code);
    });
  }

  async run(): Promise<void> {
    this.#running = true;
    while (this.#running) {
      const batch = this.#due.filter(({ atMs }) => atMs <= this.#clock.nowMs);
      this.#due = this.#due.filter((event) => !batch.includes(event));
      for (const { deliver } of batch) deliver();
      const dueInMs = Math.min(this.events.tick(), TICK_NS) / 1e6;
      this.#clock.nowMs = Math.min(this.#clock.nowMs + Math.ceil(dueInMs), ...this.#due.map(({ atMs }) => atMs));
      if (this.#clock.nowMs > PATIENCE_MS) throw new Error('expected the run to end, it goes on');
    }
  }

  stop(): void {
    this.#running = false;
  }

  end(): void {
    this.#open.clear();
  }

  #connected(slot: number): void {
    this.#open.add(slot);
    this.events.connected(slot);
  }

  #later(slot: number, afterMs: number, event: () => void): void {
    const visit = this.#visits.get(slot);
    const deliver = (): void => {
      if (this.#visits.get(slot) === visit) event();
    };
    this.#due.push({ atMs: this.#clock.nowMs + afterMs, deliver });
  }
}

/** Answers each write with the same bytes after so long. */
export const slowEcho = (afterMs: number): VirtualServer => ({
  receives: (slot, bytes, network) => network.reply(slot, bytes, afterMs),
});

export const echo = slowEcho(WAY_MS);

import { nowNs } from './clock.ts';
import type { LoadOptions } from './options.ts';
import { draw } from './random.ts';
import type { Transport, TransportEvents } from './transport.ts';

/** The pieces of a connection leave so long after each other that they arrive apart. */
const GAP_NS = 50e3;
/** No piece is longer than so many messages. */
const MOST_MESSAGES = 2;

/** The same transport, through which messages go in pieces, cut and joined at places drawn from the seed. */
export function fragmenting(transport: Transport, { seed, sizeBytes, connections }: LoadOptions, firstSlot: number): Transport {
  const length = connections - firstSlot; // its own slots, and those of the threads after it
  const seeds = Uint32Array.from({ length }, (_, slot) => Math.imul(seed + 1, 0x9e3779b1) + firstSlot + slot);
  return new FragmentingTransport(transport, seeds, MOST_MESSAGES * sizeBytes);
}

/** Stands between the events of a transport and those who hear of them, and sends at each tick that is due a piece of what waits. */
class FragmentingTransport implements Transport, TransportEvents {
  events!: TransportEvents;
  readonly #transport: Transport;
  readonly #seeds: Uint32Array;
  readonly #mostBytes: number;
  /** By slot, what was to be sent and waits. */
  readonly #waiting = new Map<number, Buffer[]>();
  /** By slot, how many bytes of its stream remain until the next cut. */
  readonly #untilCut: Float64Array;
  #nextNs = 0;

  constructor(transport: Transport, seeds: Uint32Array, mostBytes: number) {
    this.#transport = transport;
    transport.events = this;
    this.#seeds = seeds;
    this.#mostBytes = mostBytes;
    this.#untilCut = Float64Array.from(seeds, (_, slot) => this.#drawBytes(slot));
  }

  connect(slot: number): void {
    this.#transport.connect(slot);
  }

  isOpen(slot: number): boolean {
    return this.#transport.isOpen(slot);
  }

  send(slot: number, bytes: Buffer, length: number): void {
    const chunk = bytes.subarray(0, length);
    const waiting = this.#waiting.get(slot);
    if (waiting === undefined) this.#waiting.set(slot, [chunk]);
    else waiting.push(chunk);
  }

  pause(slot: number): void {
    this.#transport.pause(slot);
  }

  close(slot: number): void {
    this.#waiting.delete(slot);
    this.#transport.close(slot);
  }

  async run(): Promise<void> {
    await this.#transport.run();
  }

  stop(): void {
    this.#transport.stop();
  }

  end(): void {
    this.#transport.end();
  }

  connected(slot: number): void {
    this.events.connected(slot);
  }

  received(slot: number, chunk: Buffer, length: number): void {
    this.events.received(slot, chunk, length);
  }

  closed(slot: number, code: string | undefined): void {
    this.#waiting.delete(slot);
    this.events.closed(slot, code);
  }

  tick(): number {
    const dueInNs = this.events.tick();
    const atNs = nowNs();
    if (atNs >= this.#nextNs && this.#waiting.size > 0) {
      for (const [slot, chunks] of this.#waiting) this.#sendPiece(slot, chunks);
      this.#nextNs = atNs + GAP_NS;
    }
    return this.#waiting.size === 0 ? dueInNs : Math.min(dueInNs, this.#nextNs - atNs);
  }

  /** Up to the next cut, or all that there is: who waits for a reply before sending more must not wait for the rest of a piece. */
  #sendPiece(slot: number, chunks: Buffer[]): void {
    const all = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
    const length = Math.min(all.length, this.#untilCut[slot]!);
    this.#untilCut[slot]! -= length;
    if (this.#untilCut[slot] === 0) this.#untilCut[slot] = this.#drawBytes(slot);
    if (length === all.length) this.#waiting.delete(slot);
    else this.#waiting.set(slot, [all.subarray(length)]);
    this.#transport.send(slot, all, length);
  }

  #drawBytes(slot: number): number {
    return 1 + Math.floor(draw(this.#seeds, slot) * this.#mostBytes);
  }
}

import type { Exchange, ExchangeContext, ExchangeFactory } from '../exchange.ts';
import { Requests } from '../requests.ts';
import type { Transport } from '../transport.ts';

/** The exchange of clients that stop reading. They count into `counters.dropped` when the server drops them. */
export const hanging: ExchangeFactory = (context, slot) => new HangingExchange(context, slot);

/** More than the kernel's buffers of both sides hold, in both directions: what is beyond, the server has to deal with. */
const FLOOD_BYTES = 16 << 20;
const WRITE_BYTES = 1 << 16;

/** Asks for much at once, reads none of the replies, and keeps the connection. */
export class HangingExchange implements Exchange {
  readonly requests: Requests;
  readonly #context: ExchangeContext;
  /** Whole frames, sent again and again: nobody looks at their replies. */
  readonly #frames: Buffer;

  constructor(context: ExchangeContext, slot: number) {
    const { payloads } = context;
    this.#context = context;
    this.requests = new Requests(context, slot);
    this.#frames = Buffer.allocUnsafeSlow(Math.ceil(WRITE_BYTES / payloads.frameBytes) * payloads.frameBytes);
    for (let at = 0; at < this.#frames.length; at += payloads.frameBytes) {
      payloads.writeRequest(this.#frames, at, slot);
      payloads.writeSequence(this.#frames, at, at / payloads.frameBytes);
    }
  }

  begin(connection: number): void {
    const { payloads } = this.#context;
    for (let at = 0; at < this.#frames.length; at += payloads.frameBytes) payloads.writeConnection(this.#frames, at, connection);
    this.requests.begin(connection);
  }

  /** However many are asked for. */
  send(transport: Transport, transportSlot: number, count: number): void {
    this.requests.next += count;
    transport.pause(transportSlot);
    for (let sent = 0; sent < FLOOD_BYTES; sent += this.#frames.length) {
      transport.send(transportSlot, this.#frames, this.#frames.length);
    }
  }

  received(): number {
    return 0;
  }

  settled(): boolean {
    return true;
  }

  dropped(): void {
    this.#context.tally.counters['dropped']! += 1;
  }

  finish(): void {
    this.requests.oldest = this.requests.next;
  }
}

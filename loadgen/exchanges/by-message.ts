import type { FrameDecoder } from '../../framing/framing.ts';
import type { Exchange, ExchangeContext } from '../exchange.ts';
import { Requests } from '../requests.ts';
import type { Transport } from '../transport.ts';

/** What exchanges have in common that read what comes message by message. */
export abstract class MessageExchange implements Exchange {
  readonly requests: Requests;
  protected readonly context: ExchangeContext;
  protected readonly slot: number;
  /** When the message that is heard arrived. */
  protected atNs = 0;
  #decoder: FrameDecoder;
  #answered = 0;

  constructor(context: ExchangeContext, slot: number) {
    this.context = context;
    this.slot = slot;
    this.requests = new Requests(context, slot);
    this.#decoder = this.#newDecoder();
  }

  /** Checks and counts a message that arrived at `atNs`; the memory is reused after the call. */
  protected abstract hear(message: Buffer): void;

  begin(connection: number): void {
    this.#decoder = this.#newDecoder();
    this.requests.begin(connection);
  }

  send(transport: Transport, transportSlot: number, count: number, plannedNs: number, sentNs: number): void {
    this.requests.send(transport, transportSlot, count, plannedNs, sentNs);
  }

  received(chunk: Buffer, length: number, atNs: number): number {
    this.#answered = 0;
    this.atNs = atNs;
    this.#decoder.push(chunk.subarray(0, length));
    return this.#answered;
  }

  settled(): boolean {
    return this.requests.inFlight === 0;
  }

  finish(atNs: number): void {
    this.context.tally.unanswered += this.requests.giveUp(atNs);
  }

  /** The message that is heard answers the `count` oldest requests. */
  protected answerOldest(count: number): void {
    this.requests.answerOldest(count, this.atNs);
    this.#answered += count;
  }

  #newDecoder(): FrameDecoder {
    return this.context.framing.decoder((message) => this.hear(message));
  }
}

import type { FrameDecoder } from '../../framing/framing.ts';
import type { Accepts } from '../acceptance.ts';
import type { Exchange, ExchangeContext } from '../exchange.ts';
import { Requests } from '../requests.ts';
import type { Transport } from '../transport.ts';

/** Each request is answered by the next message that comes; whether that is a right one, `accepts` says. */
export class AcceptingExchange implements Exchange {
  readonly requests: Requests;
  readonly #context: ExchangeContext;
  readonly #accepts: Accepts;
  #decoder: FrameDecoder;
  #answered = 0;
  #atNs = 0;

  constructor(context: ExchangeContext, slot: number, accepts: Accepts) {
    this.#context = context;
    this.#accepts = accepts;
    this.requests = new Requests(context, slot);
    this.#decoder = this.#newDecoder();
  }

  begin(connection: number): void {
    this.#decoder = this.#newDecoder();
    this.requests.begin(connection);
  }

  send(transport: Transport, transportSlot: number, count: number, plannedNs: number, sentNs: number): void {
    this.requests.send(transport, transportSlot, count, plannedNs, sentNs);
  }

  received(chunk: Buffer, length: number, atNs: number): number {
    this.#answered = 0;
    this.#atNs = atNs;
    this.#decoder.push(chunk.subarray(0, length));
    return this.#answered;
  }

  settled(): boolean {
    return this.requests.inFlight === 0;
  }

  finish(atNs: number): void {
    this.#context.tally.unanswered += this.requests.giveUp(atNs);
  }

  #newDecoder(): FrameDecoder {
    return this.#context.framing.decoder((reply) => this.#judge(reply));
  }

  #judge(reply: Buffer): void {
    const { tally, payloads } = this.#context;
    if (this.requests.inFlight === 0) {
      tally.errors.duplicated += 1;
      return;
    }
    if (this.#accepts(reply, payloads.sizeBytes)) tally.messages += 1;
    else tally.errors.corrupt += 1;
    this.requests.answerOldest(1, this.#atNs);
    this.#answered += 1;
  }
}

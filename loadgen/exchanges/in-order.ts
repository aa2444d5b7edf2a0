import { Requests } from '../requests.ts';
import type { Exchange, ExchangeContext } from '../exchange.ts';
import type { Transport } from '../transport.ts';
import { Diagnosis } from './diagnosis.ts';

/** Every request is answered to its sender, in order. The reply stream is compared as a stream: one comparison a chunk. */
export class InOrderExchange implements Exchange {
  readonly requests: Requests;
  readonly #context: ExchangeContext;
  readonly #frameBytes: number;
  /** How many bytes of the frames in flight have arrived and were right. */
  #matched = 0;
  #connection = 0;
  /** Takes over at the first wrong byte, to tell what is wrong. */
  #diagnosis: Diagnosis | undefined;

  constructor(context: ExchangeContext, slot: number) {
    this.#context = context;
    this.#frameBytes = context.payloads.frameBytes;
    this.requests = new Requests(context, slot);
  }

  begin(connection: number): void {
    this.#connection = connection;
    this.#matched = 0;
    this.#diagnosis = undefined;
    this.requests.begin(connection);
  }

  send(transport: Transport, transportSlot: number, count: number, plannedNs: number, sentNs: number): void {
    this.requests.send(transport, transportSlot, count, plannedNs, sentNs);
  }

  received(chunk: Buffer, length: number, atNs: number): number {
    if (this.#diagnosis !== undefined) return this.#diagnosis.push(chunk.subarray(0, length), atNs);
    const { replies } = this.requests;
    const first = (this.requests.oldest % this.requests.depth) * this.#frameBytes;
    const due = this.requests.inFlight * this.#frameBytes;
    let at = 0;
    while (at < length) {
      const offset = (first + this.#matched) % replies.length;
      const size = Math.min(length - at, due - this.#matched, replies.length - offset);
      if (size === 0 || chunk.compare(replies, offset, offset + size, at, at + size) !== 0) {
        return this.#settle(atNs) + this.#diagnose(chunk.subarray(at, length), atNs);
      }
      this.#matched += size;
      at += size;
    }
    return this.#settle(atNs);
  }

  settled(): boolean {
    return this.requests.inFlight === 0;
  }

  finish(atNs: number): void {
    const { requests } = this;
    const unanswered =
      this.#diagnosis?.finish() ?? Array.from({ length: requests.inFlight }, (_, index) => requests.oldest + index);
    for (const sequence of unanswered) requests.recordUnanswered(sequence, atNs);
    this.#context.tally.unanswered += unanswered.length;
    requests.oldest = requests.next;
  }

  #settle(atNs: number): number {
    const answered = Math.floor(this.#matched / this.#frameBytes);
    this.#matched -= answered * this.#frameBytes;
    this.requests.answerOldest(answered, atNs);
    this.#context.tally.messages += answered;
    return answered;
  }

  #diagnose(rest: Buffer, atNs: number): number {
    this.#diagnosis = new Diagnosis(this.#context, this.requests, this.#connection);
    const start = (this.requests.oldest % this.requests.depth) * this.#frameBytes;
    const begun = Buffer.from(this.requests.replies.subarray(start, start + this.#matched));
    return this.#diagnosis.push(begun, atNs) + this.#diagnosis.push(rest, atNs);
  }
}

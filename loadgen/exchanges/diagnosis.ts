import type { FrameDecoder } from '../../framing/framing.ts';
import type { ExchangeContext } from '../exchange.ts';
import type { Requests } from '../requests.ts';

/** Reads the replies of a connection one by one after the first wrong byte and counts what kind of wrong each is. */
export class Diagnosis {
  readonly #context: ExchangeContext;
  readonly #requests: Requests;
  readonly #connection: number;
  readonly #decoder: FrameDecoder;
  readonly #answered = new Set<number>();
  #highestAnswered = -1;
  #atNs = 0;

  constructor(context: ExchangeContext, requests: Requests, connection: number) {
    this.#context = context;
    this.#requests = requests;
    this.#connection = connection % context.payloads.connectionModulus;
    this.#decoder = context.framing.decoder((payload) => this.#classify(payload));
  }

  /** Returns how many requests were answered. Throws E_FRAME_… when the stream makes no sense. */
  push(chunk: Buffer, atNs: number): number {
    const before = this.#requests.inFlight - this.#answered.size;
    this.#atNs = atNs;
    this.#decoder.push(chunk);
    while (this.#answered.delete(this.#requests.oldest)) this.#requests.oldest += 1;
    return before - (this.#requests.inFlight - this.#answered.size);
  }

  /** The sequence numbers that were never answered; counts as missing those that others have overtaken. */
  finish(): number[] {
    const unanswered = Array.from({ length: this.#requests.inFlight }, (_, index) => this.#requests.oldest + index).filter(
      (sequence) => !this.#answered.has(sequence),
    );
    this.#context.tally.errors.missing += unanswered.filter((sequence) => sequence < this.#highestAnswered).length;
    return unanswered;
  }

  #classify(payload: Buffer): void {
    const { tally, payloads } = this.#context;
    const low = payloads.readSequence(payload);
    const connection = payloads.readConnection(payload);
    if (Number.isNaN(low) || Number.isNaN(connection)) {
      tally.errors.corrupt += 1;
      return;
    }
    if (connection !== this.#connection) {
      tally.errors.foreign += 1;
      return;
    }
    const sequence = this.#inWindow(low, payloads.sequenceModulus);
    if (sequence >= this.#requests.next || sequence < this.#requests.oldest || this.#answered.has(sequence)) {
      tally.errors.duplicated += 1;
      return;
    }
    if (!payloads.hasReplyBody(payload, this.#requests.variant(sequence))) tally.errors.corrupt += 1;
    else if (sequence < this.#highestAnswered) tally.errors.reordered += 1;
    else tally.messages += 1;
    this.#highestAnswered = Math.max(this.#highestAnswered, sequence);
    this.#requests.recordAnswer(sequence, this.#atNs);
    this.#answered.add(sequence);
  }

  /** The sequence number at or after the oldest unanswered one that has these low digits; an older one when none is in flight. */
  #inWindow(low: number, modulus: number): number {
    const ahead = (((low - this.#requests.oldest) % modulus) + modulus) % modulus;
    return this.#requests.oldest + ahead;
  }
}

import { SockbenchError } from '../../errors/sockbench-error.ts';
import type { FrameDecoder } from '../../framing/framing.ts';
import { TAG_BYTES } from '../../protocol/message.ts';
import type { Exchange, ExchangeContext, ExchangeFactory } from '../exchange.ts';
import { Requests } from '../requests.ts';
import type { Witnessed } from '../timeline.ts';
import type { Transport } from '../transport.ts';

/** The exchange of workloads whose server says in each reply who handled the message, and when. */
export const witness: ExchangeFactory = (context, slot) => new WitnessExchange(context, slot);

/** " pid threadId begunNs tookNs ": 7, 5, 17 and 11 digits at most. */
const ANSWER_BYTES = 45;
const ANSWER = /^ (\d+) (\d+) (\d+) (\d+) +$/;

/** Messages that a connection's place keeps at most; the rest is counted as any other is. */
const KEPT = 1000;

/** Keeps every message as it went. It allocates for each: it is for looking at a few, not for measuring many. */
export class WitnessExchange implements Exchange {
  readonly requests: Requests;
  readonly #context: ExchangeContext;
  readonly #slot: number;
  readonly #pending = new Map<number, Witnessed>();
  #kept = 0;
  #connection = 0;
  #decoder: FrameDecoder;
  #answered = 0;
  #atNs = 0;

  constructor(context: ExchangeContext, slot: number) {
    const { sizeBytes } = context.payloads;
    if (sizeBytes < TAG_BYTES + ANSWER_BYTES) {
      throw new SockbenchError('E_SIZE', `expected messages of at least ${TAG_BYTES + ANSWER_BYTES} bytes, got ${sizeBytes}`);
    }
    this.#context = context;
    this.#slot = slot;
    this.requests = new Requests(context, slot);
    this.#decoder = this.#newDecoder();
  }

  begin(connection: number): void {
    this.#connection = connection;
    this.#pending.clear();
    this.#decoder = this.#newDecoder();
    this.requests.begin(connection);
  }

  send(transport: Transport, transportSlot: number, count: number, plannedNs: number, sentNs: number): void {
    for (let index = 0; index < count && this.#kept < KEPT; index += 1, this.#kept += 1) {
      const sequence = this.requests.next + index;
      const message: Witnessed = { slot: this.#slot, connection: this.#connection, sequence, sentNs };
      this.#pending.set(sequence, message);
      this.#context.tally.witnessed.push(message);
    }
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
    const { requests } = this;
    this.#context.tally.unanswered += requests.inFlight;
    for (; requests.oldest < requests.next; requests.oldest += 1) requests.recordUnanswered(requests.oldest, atNs);
  }

  #newDecoder(): FrameDecoder {
    return this.#context.framing.decoder((reply) => this.#hear(reply));
  }

  #hear(reply: Buffer): void {
    const { payloads, tally } = this.#context;
    const { requests } = this;
    const [, ...numbers] = ANSWER.exec(reply.toString('latin1', TAG_BYTES)) ?? [];
    const [pid, threadId, begunNs, tookNs] = numbers.map(Number);
    const ahead = payloads.readSequence(reply) - (requests.oldest % payloads.sequenceModulus);
    if (reply.length !== payloads.sizeBytes || tookNs === undefined || Number.isNaN(ahead)) tally.errors.corrupt += 1;
    else if (payloads.readConnection(reply) !== this.#connection % payloads.connectionModulus) tally.errors.foreign += 1;
    else if (ahead < 0 || requests.inFlight === 0) tally.errors.duplicated += 1;
    else if (ahead > 0) tally.errors.reordered += 1;
    else {
      const message = this.#pending.get(requests.oldest);
      if (message)
        message.answer = { answeredNs: this.#atNs, begunNs: begunNs!, endedNs: begunNs! + tookNs, pid: pid!, threadId: threadId! };
      this.#pending.delete(requests.oldest);
      tally.messages += 1;
      requests.answerOldest(1, this.#atNs);
      this.#answered += 1;
    }
  }
}

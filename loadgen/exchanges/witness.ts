import { SockbenchError } from '../../errors/sockbench-error.ts';
import { TAG_BYTES } from '../../protocol/message.ts';
import type { ExchangeContext, ExchangeFactory } from '../exchange.ts';
import type { Witnessed } from '../timeline.ts';
import type { Transport } from '../transport.ts';
import { MessageExchange } from './by-message.ts';

/** The exchange of workloads whose server says in each reply who handled the message, and when. */
export const witness: ExchangeFactory = (context, slot) => new WitnessExchange(context, slot);

/** " pid threadId begunNs tookNs ": 7, 5, 17 and 11 digits at most. */
const ANSWER_BYTES = 45;
const ANSWER = /^ (\d+) (\d+) (\d+) (\d+) +$/;

/** Messages that a connection's place keeps at most; the rest is counted as any other is. */
const KEPT = 1000;

/** Keeps every message as it went. It allocates for each: it is for looking at a few, not for measuring many. */
export class WitnessExchange extends MessageExchange {
  readonly #pending = new Map<number, Witnessed>();
  #kept = 0;
  #connection = 0;

  constructor(context: ExchangeContext, slot: number) {
    const { sizeBytes } = context.payloads;
    if (sizeBytes < TAG_BYTES + ANSWER_BYTES) {
      throw new SockbenchError('E_SIZE', `expected messages of at least ${TAG_BYTES + ANSWER_BYTES} bytes, got ${sizeBytes}`);
    }
    super(context, slot);
  }

  override begin(connection: number): void {
    this.#connection = connection;
    this.#pending.clear();
    super.begin(connection);
  }

  override send(transport: Transport, transportSlot: number, count: number, plannedNs: number, sentNs: number): void {
    for (let index = 0; index < count && this.#kept < KEPT; index += 1, this.#kept += 1) {
      const sequence = this.requests.next + index;
      const message: Witnessed = { slot: this.slot, connection: this.#connection, sequence, sentNs };
      this.#pending.set(sequence, message);
      this.context.tally.witnessed.push(message);
    }
    super.send(transport, transportSlot, count, plannedNs, sentNs);
  }

  protected hear(reply: Buffer): void {
    const { payloads, tally } = this.context;
    const { requests, atNs } = this;
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
        message.answer = { answeredNs: atNs, begunNs: begunNs!, endedNs: begunNs! + tookNs, pid: pid!, threadId: threadId! };
      this.#pending.delete(requests.oldest);
      tally.messages += 1;
      this.answerOldest(1);
    }
  }
}

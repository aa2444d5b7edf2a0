import { SockbenchError } from '../../errors/sockbench-error.ts';
import { TAG_BYTES } from '../../protocol/message.ts';
import type { ExchangeContext, ExchangeFactory } from '../exchange.ts';
import type { Transport } from '../transport.ts';
import { MessageExchange } from './by-message.ts';

/** No message of this sender is owed: the member has not joined yet. */
const NOTHING = 0x7fffffff;

/** The exchange of workloads whose connections are all members of one room. */
export const inRoom: ExchangeFactory = (context, slot) => new RoomExchange(context, slot);

/**
 * All connections are members of one room: each message must reach every member, once, in the order of its sender. A
 * request is answered when it comes back to its own sender; each correct delivery counts as a message. What was sent
 * before a member's own first message came back may or may not have reached it; everything later is owed to it.
 */
export class RoomExchange extends MessageExchange {
  /** By sender: the last sequence number delivered, and the first that is owed. */
  readonly #seen: Int32Array;
  readonly #owedFrom: Int32Array;
  /** Owed messages that a later one of the same sender has overtaken, as "sender sequence". */
  readonly #overtaken = new Set<string>();

  constructor(context: ExchangeContext, slot: number) {
    if (context.payloads.tagBytes < TAG_BYTES) {
      throw new SockbenchError(
        'E_SIZE',
        `expected messages of at least ${TAG_BYTES} bytes for a room, made by sockbench, got ${context.payloads.sizeBytes}`,
      );
    }
    if (context.accepts !== undefined) {
      throw new SockbenchError('E_OPTION', 'expected a room to echo what its members say, got another --expect');
    }
    super(context, slot);
    this.#seen = new Int32Array(context.totalSlots).fill(-1);
    this.#owedFrom = new Int32Array(context.totalSlots).fill(NOTHING);
  }

  override begin(connection: number): void {
    this.#seen.fill(-1);
    this.#owedFrom.fill(NOTHING);
    this.#overtaken.clear();
    super.begin(connection);
  }

  override send(transport: Transport, transportSlot: number, count: number, plannedNs: number, sentNs: number): void {
    Atomics.store(this.context.lastSent, this.slot, this.requests.next + count - 1);
    super.send(transport, transportSlot, count, plannedNs, sentNs);
  }

  override settled(): boolean {
    return super.settled() && this.#undelivered() === 0;
  }

  override finish(atNs: number): void {
    this.context.tally.errors.missing += this.#undelivered();
    super.finish(atNs);
  }

  protected hear(payload: Buffer): void {
    const { payloads, tally, totalSlots, lastSent, depth } = this.context;
    const sequence = payloads.readSequence(payload);
    const sender = payloads.readConnection(payload) % totalSlots;
    if (Number.isNaN(sequence) || Number.isNaN(sender) || !payloads.hasReplyBody(payload, sender + (sequence % depth))) {
      tally.errors.corrupt += 1;
    } else if (sequence > Atomics.load(lastSent, sender)) {
      tally.errors.foreign += 1; // nobody in this room has sent it
    } else if (sequence <= this.#seen[sender]!) {
      if (this.#overtaken.delete(`${sender} ${sequence}`)) tally.errors.reordered += 1;
      else tally.errors.duplicated += 1;
    } else {
      for (let gap = Math.max(this.#seen[sender]! + 1, this.#owedFrom[sender]!); gap < sequence; gap += 1) {
        this.#overtaken.add(`${sender} ${gap}`);
      }
      this.#seen[sender] = sequence;
      tally.messages += 1;
      if (sender === this.slot) this.#ownReturned(sequence);
    }
  }

  #ownReturned(sequence: number): void {
    const { lastSent, totalSlots } = this.context;
    if (this.#owedFrom[this.slot] === NOTHING) {
      for (let sender = 0; sender < totalSlots; sender += 1) this.#owedFrom[sender] = Atomics.load(lastSent, sender) + 1;
    }
    this.answerOldest(Math.max(0, sequence + 1 - this.requests.oldest));
  }

  #undelivered(): number {
    const { lastSent, totalSlots } = this.context;
    let undelivered = this.#overtaken.size;
    for (let sender = 0; sender < totalSlots; sender += 1) {
      if (this.#owedFrom[sender] === NOTHING) continue;
      undelivered += Math.max(0, Atomics.load(lastSent, sender) - Math.max(this.#seen[sender]!, this.#owedFrom[sender]! - 1));
    }
    return undelivered;
  }
}

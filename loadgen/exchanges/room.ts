import { SockbenchError } from '../../errors/sockbench-error.ts';
import { TAG_BYTES } from '../../protocol/message.ts';
import type { ExchangeContext, ExchangeFactory } from '../exchange.ts';
import type { Transport } from '../transport.ts';
import type { Workload } from '../workload.ts';
import { MessageExchange } from './by-message.ts';
import { Deliveries, type Spread } from './deliveries.ts';
import { DeliveryTimes, deliveryHistograms } from './delivery-times.ts';

/** No message of this sender is owed: the member has not joined yet. */
const NOTHING = 0x7fffffff;

/** What of a workload the exchange needs: a histogram of each kind of delivery time, the counters of conservation, shared memory. */
export const roomNeeds = {
  histograms: deliveryHistograms,
  counters: ['owed', 'delivered'],
  sharedBytes: ({ connections, pipelining }) => Deliveries.bytes(connections, pipelining),
} as const satisfies Partial<Workload>;

/** The exchange of workloads whose connections are all members of one room. */
export const inRoom: ExchangeFactory = (context, slot) => new RoomExchange(context, slot);

/**
 * All connections are members of one room: each message must reach every member, once, in the order of its sender. A
 * request is answered when it comes back to its own sender; each correct delivery counts as a message. What was sent before
 * the first delivery to a member may or may not have reached it; everything later is owed to it, whether it speaks or not.
 */
export class RoomExchange extends MessageExchange {
  readonly #deliveries: Deliveries;
  readonly #times: DeliveryTimes;
  /** By sender: the last sequence number delivered, and the first that is owed. */
  readonly #seen: Int32Array;
  readonly #owedFrom: Int32Array;
  /** Owed messages that a later one of the same sender has overtaken, as "sender sequence". */
  readonly #overtaken = new Set<string>();
  readonly #spread: Spread = { plannedNs: 0, place: 0, of: 0 };
  #joined = false;
  /** Owed messages that have come to this connection. */
  #delivered = 0;

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
    this.#deliveries = new Deliveries(context.shared, context.totalSlots, context.depth);
    this.#times = new DeliveryTimes(context.histograms, context.window);
    this.#seen = new Int32Array(context.totalSlots);
    this.#owedFrom = new Int32Array(context.totalSlots);
  }

  get heard(): boolean {
    return this.#joined;
  }

  override begin(connection: number): void {
    this.#leave(this.#delivered, () => {}); // one who left of its own will is owed no more than it got
    this.#seen.fill(-1);
    this.#owedFrom.fill(NOTHING);
    this.#overtaken.clear();
    super.begin(connection);
  }

  override send(transport: Transport, transportSlot: number, count: number, plannedNs: number, sentNs: number): void {
    const { next } = this.requests;
    for (let sequence = next; sequence < next + count; sequence += 1) {
      this.#makeRoom(sequence, sentNs);
      this.#deliveries.send(this.slot, sequence, plannedNs);
    }
    super.send(transport, transportSlot, count, plannedNs, sentNs);
  }

  override settled(): boolean {
    return super.settled() && this.#undelivered() === 0;
  }

  override finish(atNs: number): void {
    this.context.tally.errors.missing += this.#undelivered();
    this.#leave(this.#owed(), (spread) => this.#times.missed(spread, atNs));
    super.finish(atNs);
  }

  protected hear(payload: Buffer): void {
    const { payloads, tally, totalSlots, depth } = this.context;
    const sequence = payloads.readSequence(payload);
    const sender = payloads.readConnection(payload) % totalSlots;
    if (Number.isNaN(sequence) || Number.isNaN(sender) || !payloads.hasReplyBody(payload, sender + (sequence % depth))) {
      tally.errors.corrupt += 1;
    } else if (sequence > this.#deliveries.lastSent(sender)) {
      tally.errors.foreign += 1; // nobody in this room has sent it
    } else if (sequence > this.#seen[sender]!) {
      for (let gap = this.#next(sender); gap < sequence; gap += 1) this.#overtaken.add(`${sender} ${gap}`);
      this.#seen[sender] = sequence;
      tally.messages += 1;
      this.#note(sender, sequence);
      if (sender === this.slot) this.answerOldest(Math.max(0, sequence + 1 - this.requests.oldest));
    } else if (this.#overtaken.delete(`${sender} ${sequence}`)) {
      tally.errors.reordered += 1;
      this.#note(sender, sequence);
    } else {
      tally.errors.duplicated += 1;
    }
  }

  /** A delivery; the first one shows that this member is in the room. */
  #note(sender: number, sequence: number): void {
    if (!this.#joined) this.#join();
    if (sequence < this.#owedFrom[sender]!) return;
    this.#delivered += 1;
    if (this.#deliveries.receive(sender, sequence, this.#spread)) this.#times.arrived(this.#spread, this.atNs);
  }

  #join(): void {
    this.#joined = true;
    for (let sender = 0; sender < this.context.totalSlots; sender += 1) {
      this.#owedFrom[sender] = this.#deliveries.lastSent(sender) + 1;
    }
    this.#deliveries.join();
  }

  /**
   * @param owed how many deliveries were
   * @param missed what is to be noted of each of them that is not awaited any more
   */
  #leave(owed: number, missed: (spread: Spread) => void): void {
    if (!this.#joined) return;
    const { counters } = this.context.tally;
    counters['owed']! += owed;
    counters['delivered']! += this.#delivered;
    this.#delivered = 0;
    this.#deliveries.leave();
    const miss = (sender: number, sequence: number): void => {
      if (this.#deliveries.receive(sender, sequence, this.#spread)) missed(this.#spread);
    };
    for (const message of this.#overtaken) miss(...(message.split(' ').map(Number) as [number, number]));
    for (let sender = 0; sender < this.context.totalSlots; sender += 1) {
      for (let next = this.#next(sender); next <= this.#deliveries.lastSent(sender); next += 1) miss(sender, next);
    }
    this.#joined = false;
  }

  /** Takes the line of an own message that is long ago for a new one; it may not have reached everybody yet. */
  #makeRoom(sequence: number, atNs: number): void {
    const old = sequence - this.#deliveries.ring;
    if (old < 0) return;
    const spread = this.#spread;
    this.#deliveries.giveUp(this.slot, old, spread);
    for (spread.place += 1; spread.place <= spread.of; spread.place += 1) this.#times.missed(spread, atNs);
  }

  /** The next sequence number of this sender that is owed. */
  #next(sender: number): number {
    return Math.max(this.#seen[sender]! + 1, this.#owedFrom[sender]!);
  }

  #owed(): number {
    let owed = 0;
    for (let sender = 0; this.#joined && sender < this.context.totalSlots; sender += 1) {
      owed += this.#deliveries.lastSent(sender) + 1 - this.#owedFrom[sender]!;
    }
    return owed;
  }

  #undelivered(): number {
    let undelivered = this.#overtaken.size;
    for (let sender = 0; this.#joined && sender < this.context.totalSlots; sender += 1) {
      undelivered += Math.max(0, this.#deliveries.lastSent(sender) + 1 - this.#next(sender));
    }
    return undelivered;
  }
}

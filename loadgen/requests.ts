import type { Payloads } from './payloads.ts';
import type { Recorder } from './recorder.ts';
import type { Transport } from './transport.ts';

/** Messages planned in this time are samples, each exactly once, answered or not. A closed loop has no plan, and no limits. */
export interface SampleWindow {
  fromNs: number;
  untilNs: number;
}

/** What the requests of all connections of a thread have in common. */
export interface RequestsContext {
  readonly payloads: Payloads;
  readonly depth: number;
  readonly window: SampleWindow;
  /** Response times, from the planned send. */
  readonly recorder: Recorder;
  /** Where that of the request whose payload begins at `start` goes instead, in workloads that tell kinds of requests apart. */
  readonly recorderOf?: (bytes: Buffer, start: number) => Recorder;
  /** Service times, from the actual send, where that may be later than planned. */
  readonly serviceTime?: Recorder;
}

/**
 * The requests of one connection: a ring of as many frames as may be in flight, built once. Sending one writes a few
 * digits and copies nothing; a batch leaves in one write.
 */
export class Requests {
  readonly depth: number;
  /** Ring of the frames that the server must answer with, in the same positions; the same memory where it echoes. */
  readonly replies: Buffer;
  readonly #payloads: Payloads;
  readonly #window: SampleWindow;
  readonly #recorder: Recorder;
  readonly #recorderOf: RequestsContext['recorderOf'];
  readonly #serviceTime: Recorder | undefined;
  readonly #slot: number;
  readonly #ring: Buffer;
  /** The ring from each position to its end: what a write is given. */
  readonly #views: readonly Buffer[];
  readonly #plannedNs: Float64Array;
  readonly #sentNs: Float64Array;
  /** The next sequence number, and the lowest that may be unanswered. */
  next = 0;
  oldest = 0;

  constructor({ payloads, depth, window, recorder, recorderOf, serviceTime }: RequestsContext, slot: number) {
    const { frameBytes } = payloads;
    this.depth = depth;
    this.#payloads = payloads;
    this.#window = window;
    this.#recorder = recorder;
    this.#recorderOf = recorderOf;
    this.#serviceTime = serviceTime;
    this.#slot = slot;
    this.#ring = Buffer.allocUnsafeSlow(depth * frameBytes);
    this.replies = payloads.mirrored ? this.#ring : Buffer.allocUnsafeSlow(depth * frameBytes);
    this.#views = Array.from({ length: depth }, (_, position) => this.#ring.subarray(position * frameBytes));
    this.#plannedNs = new Float64Array(depth);
    this.#sentNs = new Float64Array(depth);
    for (let position = 0; position < depth; position += 1) {
      payloads.writeRequest(this.#ring, position * frameBytes, slot + position);
      payloads.writeReply(this.replies, position * frameBytes, slot + position);
    }
  }

  get inFlight(): number {
    return this.next - this.oldest;
  }

  /** A new connection with this number; nothing is in flight on it. Sequence numbers go on: others may still hear of earlier ones. */
  begin(connection: number): void {
    this.oldest = this.next;
    for (let offset = 0; offset < this.#ring.length; offset += this.#payloads.frameBytes) {
      this.#payloads.writeConnection(this.#ring, offset, connection);
      this.#payloads.writeConnection(this.replies, offset, connection);
    }
  }

  /** Sends the next `count` requests; `count` more must fit into the ring. */
  send(transport: Transport, transportSlot: number, count: number, plannedNs: number, sentNs: number): void {
    const position = this.next % this.depth;
    const batch = Math.min(count, this.depth - position);
    const { frameBytes } = this.#payloads;
    const mirrored = this.replies === this.#ring;
    for (let index = 0; index < batch; index += 1) {
      const offset = (position + index) * frameBytes;
      this.#payloads.writeSequence(this.#ring, offset, this.next + index);
      if (!mirrored) this.#payloads.writeSequence(this.replies, offset, this.next + index);
    }
    for (let index = 0; index < batch; index += 1) {
      this.#plannedNs[position + index] = plannedNs;
      this.#sentNs[position + index] = sentNs;
    }
    this.next += batch;
    transport.send(transportSlot, this.#views[position]!, batch * frameBytes);
    if (batch < count) this.send(transport, transportSlot, count - batch, plannedNs, sentNs);
  }

  /** The `count` oldest requests have been answered. */
  answerOldest(count: number, atNs: number): void {
    for (let index = 0; index < count; index += 1) this.recordAnswer(this.oldest + index, atNs);
    this.oldest += count;
  }

  recordAnswer(sequence: number, atNs: number): void {
    const position = sequence % this.depth;
    const plannedNs = this.#plannedNs[position]!;
    if (this.#serviceTime === undefined) {
      this.#recorderAt(position).record(atNs - plannedNs);
    } else if (plannedNs >= this.#window.fromNs) {
      this.#recorderAt(position).record(atNs - plannedNs);
      this.#serviceTime.record(atNs - this.#sentNs[position]!);
    }
  }

  recordUnanswered(sequence: number, atNs: number): void {
    const position = sequence % this.depth;
    const plannedNs = this.#plannedNs[position]!;
    if (this.#serviceTime !== undefined) {
      if (plannedNs < this.#window.fromNs) return;
      this.#serviceTime.recordLowerBound(atNs - this.#sentNs[position]!);
    }
    this.#recorderAt(position).recordLowerBound(atNs - plannedNs);
  }

  /** Whatever is in flight will not be answered any more. Returns how much that is. */
  giveUp(atNs: number): number {
    const count = this.inFlight;
    for (; this.oldest < this.next; this.oldest += 1) this.recordUnanswered(this.oldest, atNs);
    return count;
  }

  #recorderAt(position: number): Recorder {
    if (this.#recorderOf === undefined) return this.#recorder;
    const { frameBytes, framing } = this.#payloads;
    return this.#recorderOf(this.#ring, position * frameBytes + framing.headerBytes);
  }

  /** The body that the request of this sequence number has. */
  variant(sequence: number): number {
    return this.#slot + (sequence % this.depth);
  }
}

import { nowNs } from './clock.ts';
import type { Payloads } from './payloads.ts';
import type { Recorder } from './recorder.ts';
import type { Transport } from './transport.ts';

/**
 * The requests of one connection: a ring of as many frames as may be in flight, built once. Sending one writes a few
 * digits and copies nothing; a batch leaves in one write.
 */
export class Requests {
  readonly depth: number;
  /** Ring of the frames that the server must answer with, in the same positions; the same memory where it echoes. */
  readonly replies: Buffer;
  readonly #payloads: Payloads;
  readonly #recorder: Recorder;
  readonly #slot: number;
  readonly #ring: Buffer;
  /** The ring from each position to its end: what a write is given. */
  readonly #views: readonly Buffer[];
  readonly #sentAtNs: Float64Array;
  /** The next sequence number, and the lowest that may be unanswered. */
  next = 0;
  oldest = 0;

  constructor(payloads: Payloads, recorder: Recorder, slot: number, depth: number) {
    const { frameBytes } = payloads;
    this.depth = depth;
    this.#payloads = payloads;
    this.#recorder = recorder;
    this.#slot = slot;
    this.#ring = Buffer.allocUnsafeSlow(depth * frameBytes);
    this.replies = payloads.mirrored ? this.#ring : Buffer.allocUnsafeSlow(depth * frameBytes);
    this.#views = Array.from({ length: depth }, (_, position) => this.#ring.subarray(position * frameBytes));
    this.#sentAtNs = new Float64Array(depth);
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
  send(transport: Transport, transportSlot: number, count: number): void {
    const position = this.next % this.depth;
    const batch = Math.min(count, this.depth - position);
    const { frameBytes } = this.#payloads;
    const mirrored = this.replies === this.#ring;
    for (let index = 0; index < batch; index += 1) {
      const offset = (position + index) * frameBytes;
      this.#payloads.writeSequence(this.#ring, offset, this.next + index);
      if (!mirrored) this.#payloads.writeSequence(this.replies, offset, this.next + index);
    }
    const sentAtNs = nowNs();
    for (let index = 0; index < batch; index += 1) this.#sentAtNs[position + index] = sentAtNs;
    this.next += batch;
    transport.send(transportSlot, this.#views[position]!, batch * frameBytes);
    if (batch < count) this.send(transport, transportSlot, count - batch);
  }

  /** The `count` oldest requests have been answered. */
  answerOldest(count: number, atNs: number): void {
    for (let index = 0; index < count; index += 1) this.recordAnswer(this.oldest + index, atNs);
    this.oldest += count;
  }

  recordAnswer(sequence: number, atNs: number): void {
    this.#recorder.record(atNs - this.#sentAtNs[sequence % this.depth]!);
  }

  recordUnanswered(sequence: number, atNs: number): void {
    this.#recorder.recordLowerBound(atNs - this.#sentAtNs[sequence % this.depth]!);
  }

  /** The body that the request of this sequence number has. */
  variant(sequence: number): number {
    return this.#slot + (sequence % this.depth);
  }
}

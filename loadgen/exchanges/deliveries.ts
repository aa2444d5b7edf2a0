/** Messages of each sender that are followed at once; memory of members who never speak is never touched. */
const LEAST_RING = 1024;
/** A message's word: how many members have received it, and above that on which turn round the ring it is. */
const COUNT_BITS = 20;
const COUNT_MASK = (1 << COUNT_BITS) - 1;
const TURNS = 1 << 11;
/** The word of no message: its sender is about to write, or has given it up. */
const NONE = -1;

const ringOf = (depth: number): number => Math.max(LEAST_RING, 4 * depth);

/** How far a message has got. */
export interface Spread {
  plannedNs: number;
  /** By how many members it has been received. */
  place: number;
  /** How many were in the room when it was sent. */
  of: number;
}

/**
 * How far each message of a room has got, in memory that all threads share: a line for each sender and position in its
 * ring. A member that receives a message counts that in one atomic step, so that the k-th delivery to be counted is the
 * k-th in time, whichever thread it reaches. (An id of the turn in the same word keeps later messages apart.)
 */
export class Deliveries {
  readonly #ring: number;
  readonly #plannedNs: Float64Array;
  readonly #of: Int32Array;
  readonly #words: Int32Array;
  /** By sender, how many messages it has sent. */
  readonly #sent: Int32Array;
  readonly #members: Int32Array;

  /** @param shared `bytes()` of it, zeros before anybody uses it */
  constructor(shared: SharedArrayBuffer, senders: number, depth: number) {
    this.#ring = ringOf(depth);
    const lines = senders * this.#ring;
    this.#plannedNs = new Float64Array(shared, 0, lines);
    this.#of = new Int32Array(shared, 8 * lines, lines);
    this.#words = new Int32Array(shared, 12 * lines, lines);
    this.#sent = new Int32Array(shared, 16 * lines, senders);
    this.#members = new Int32Array(shared, 16 * lines + 4 * senders, 1);
  }

  static bytes(senders: number, depth: number): number {
    return 16 * senders * ringOf(depth) + 4 * senders + 4;
  }

  /** One more member, to whom everything after `lastSent` is owed: to be read before this. */
  join(): void {
    Atomics.add(this.#members, 0, 1);
  }

  leave(): void {
    Atomics.sub(this.#members, 0, 1);
  }

  /** The sequence number of the sender's last message, -1 before the first. */
  lastSent(sender: number): number {
    return Atomics.load(this.#sent, sender) - 1;
  }

  /** A message is about to leave. Members are counted before it is known as sent: it is owed to each of them at least. */
  send(sender: number, sequence: number, plannedNs: number): void {
    const line = this.#line(sender, sequence);
    Atomics.store(this.#words, line, NONE);
    this.#plannedNs[line] = plannedNs;
    this.#of[line] = Atomics.load(this.#members, 0);
    Atomics.store(this.#words, line, this.#turn(sequence) << COUNT_BITS);
    Atomics.store(this.#sent, sender, sequence + 1);
  }

  /** Counts a delivery and writes what it is; false when the message is not followed any more. */
  receive(sender: number, sequence: number, into: Spread): boolean {
    const line = this.#line(sender, sequence);
    into.plannedNs = this.#plannedNs[line]!;
    into.of = this.#of[line]!;
    for (let word = Atomics.load(this.#words, line); word >>> COUNT_BITS === this.#turn(sequence);) {
      const found = Atomics.compareExchange(this.#words, line, word, word + 1);
      into.place = (found & COUNT_MASK) + 1;
      if (found === word) return true;
      word = found;
    }
    return false;
  }

  /** Follows a message of the caller's own no longer, since its line is needed, and writes how far it has got. */
  giveUp(sender: number, sequence: number, into: Spread): void {
    const line = this.#line(sender, sequence);
    into.plannedNs = this.#plannedNs[line]!;
    into.of = this.#of[line]!;
    into.place = Atomics.exchange(this.#words, line, NONE) & COUNT_MASK;
  }

  /** The next message takes the line of that so many before it. */
  get ring(): number {
    return this.#ring;
  }

  #line(sender: number, sequence: number): number {
    return sender * this.#ring + (sequence % this.#ring);
  }

  #turn(sequence: number): number {
    return Math.floor(sequence / this.#ring) % TURNS;
  }
}

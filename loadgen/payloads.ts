import { SockbenchError } from '../errors/sockbench-error.ts';
import { encode, type Framing } from '../framing/framing.ts';
import { TAG_BYTES } from '../protocol/message.ts';

/** Six bits a byte, from "0" to "o": printable, and never a newline. */
const DIGIT_BITS = 6;
const DIGIT_MASK = (1 << DIGIT_BITS) - 1;
const ZERO = 0x30;
/** A payload's tag is its number, sequence then connection, lowest digit first, as much of it as fits. */
const SEQUENCE_DIGITS = 6;
const CONNECTION_DIGITS = TAG_BYTES - SEQUENCE_DIGITS;

const VARIANTS = 16;

export type ReplyTo = (request: Buffer) => Buffer;

/**
 * The messages of a run: each carries the number of its connection and its own, then one of a few fixed bodies, so that
 * the whole expected reply to any request is known beforehand and can be compared byte for byte at little cost.
 */
export class Payloads {
  readonly framing: Framing;
  readonly sizeBytes: number;
  readonly frameBytes: number;
  /** How many bytes of each message are its numbers; none where the user gave the message. */
  readonly tagBytes: number;
  readonly #requests: Buffer[];
  readonly #replies: Buffer[];

  /**
   * @param replyTo what the server must answer; it keeps the first TAG_BYTES of the request and its size
   * @param message every request, as the user gave it: without numbers, so that only its content can be checked
   */
  constructor(framing: Framing, sizeBytes: number, replyTo: ReplyTo, message?: Buffer) {
    if (!Number.isInteger(sizeBytes) || sizeBytes < 1) {
      throw new SockbenchError('E_SIZE', `expected a message size of at least 1 byte, got ${sizeBytes}`);
    }
    this.framing = framing;
    this.sizeBytes = sizeBytes;
    this.frameBytes = sizeBytes + framing.overheadBytes;
    this.tagBytes = message === undefined ? Math.min(TAG_BYTES, sizeBytes) : 0;
    const requests = Array.from({ length: VARIANTS }, (_, variant) => message ?? body(sizeBytes, variant));
    this.#requests = requests.map((request) => encode(framing, request));
    this.#replies = requests.map((request) => encode(framing, replyTo(request)));
  }

  /** Whether every reply is the request itself, so that one buffer can serve as both. */
  get mirrored(): boolean {
    return this.#requests.every((request, variant) => request.equals(this.#replies[variant]!));
  }

  writeRequest(target: Buffer, offset: number, variant: number): void {
    this.#requests[variant % VARIANTS]!.copy(target, offset);
  }

  writeReply(target: Buffer, offset: number, variant: number): void {
    this.#replies[variant % VARIANTS]!.copy(target, offset);
  }

  /** Puts the sequence number into the frame that begins at `offset`. */
  writeSequence(target: Buffer, offset: number, sequence: number): void {
    const start = offset + this.framing.headerBytes;
    const end = start + Math.min(SEQUENCE_DIGITS, this.tagBytes);
    let low = sequence % 0x40000000;
    for (let at = start; at < end; at += 1) {
      target[at] = ZERO + (low & DIGIT_MASK);
      low = at === start + 4 ? Math.floor(sequence / 0x40000000) : low >>> DIGIT_BITS;
    }
  }

  writeConnection(target: Buffer, offset: number, connection: number): void {
    const start = offset + this.framing.headerBytes + SEQUENCE_DIGITS;
    const end = offset + this.framing.headerBytes + this.tagBytes;
    for (let at = start, rest = connection; at < end; at += 1, rest >>>= DIGIT_BITS) target[at] = ZERO + (rest & DIGIT_MASK);
  }

  /** Sequence numbers are known modulo this, when the message is too short for all digits. */
  get sequenceModulus(): number {
    return 2 ** (DIGIT_BITS * Math.min(SEQUENCE_DIGITS, this.tagBytes));
  }

  get connectionModulus(): number {
    return 2 ** (DIGIT_BITS * Math.min(CONNECTION_DIGITS, Math.max(0, this.tagBytes - SEQUENCE_DIGITS)));
  }

  readSequence(payload: Buffer): number {
    return number(payload, 0, Math.min(SEQUENCE_DIGITS, this.tagBytes));
  }

  readConnection(payload: Buffer): number {
    return number(payload, SEQUENCE_DIGITS, this.tagBytes);
  }

  /** Whether a reply's size and content after the tag are those of the variant. */
  hasReplyBody(payload: Buffer, variant: number): boolean {
    if (payload.length !== this.sizeBytes) return false;
    const { tagBytes, sizeBytes } = this;
    if (sizeBytes === tagBytes) return true;
    const { headerBytes } = this.framing;
    const frame = this.#replies[variant % VARIANTS]!;
    return payload.compare(frame, headerBytes + tagBytes, headerBytes + sizeBytes, tagBytes, sizeBytes) === 0;
  }
}

/** Printable text without a newline, different for each variant (a linear congruential sequence, Numerical Recipes). */
function body(sizeBytes: number, variant: number): Buffer {
  const payload = Buffer.allocUnsafe(sizeBytes);
  let state = variant + 1;
  for (let at = 0; at < sizeBytes; at += 1) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    payload[at] = 0x20 + ((state >>> 16) % 95);
  }
  return payload;
}

/** NaN when a byte is no digit. */
function number(payload: Buffer, start: number, end: number): number {
  let value = 0;
  for (let at = end - 1; at >= start; at -= 1) {
    const digit = (payload[at] ?? 0) - ZERO;
    if (digit < 0 || digit > DIGIT_MASK) return NaN;
    value = value * (DIGIT_MASK + 1) + digit;
  }
  return value;
}

import type { Framing } from './framing.ts';

const SMALL_BYTES = 4096;
/** Memory above this is given back as soon as the frames are gone: a connection that once had a large reply stays cheap. */
const KEPT_BYTES = 1 << 16;

/** Frames collected in one growing buffer, so that a batch of replies leaves in one write. */
export class FrameBatch {
  readonly #framing: Framing;
  #bytes: Buffer;
  #length = 0;

  constructor(framing: Framing) {
    this.#framing = framing;
    this.#bytes = Buffer.allocUnsafeSlow(SMALL_BYTES);
  }

  get length(): number {
    return this.#length;
  }

  /** Copies the payload, so views of a receive buffer may be given. Throws what `Framing.encodeInto` throws. */
  add(payload: Buffer): void {
    const need = this.#length + payload.length + this.#framing.overheadBytes;
    if (need > this.#bytes.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(need, 2 * this.#bytes.length));
      this.#bytes.copy(grown, 0, 0, this.#length);
      this.#bytes = grown;
    }
    this.#length = this.#framing.encodeInto(payload, this.#bytes, this.#length);
  }

  /** A view of the frames collected so far; valid until `clear` is followed by `add`. */
  peek(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Forgets the frames and keeps the memory: only when nobody reads the last `peek` any more. */
  clear(): void {
    this.#length = 0;
    if (this.#bytes.length > KEPT_BYTES) this.#bytes = Buffer.allocUnsafeSlow(SMALL_BYTES);
  }

  /** Gives the frames away together with their memory. */
  take(): Buffer {
    const whole = this.peek();
    this.#bytes = Buffer.allocUnsafeSlow(SMALL_BYTES);
    this.#length = 0;
    return whole;
  }
}

import { SockbenchError } from '../errors/sockbench-error.ts';
import type { Framing, FrameDecoder } from './framing.ts';
import { PartialFrame } from './partial-frame.ts';

const HEADER_BYTES = 4;

/** An unsigned 32-bit big-endian length, then that many bytes of payload. */
export function lengthPrefixed(limitBytes: number): Framing {
  return {
    name: 'length',
    summary: 'a 4-byte big-endian length before each message; any content',
    headerBytes: HEADER_BYTES,
    overheadBytes: HEADER_BYTES,
    encodeInto(payload, target, offset) {
      if (payload.length > limitBytes) throw tooLarge(limitBytes, payload.length);
      target.writeUInt32BE(payload.length, offset);
      return offset + HEADER_BYTES + payload.copy(target, offset + HEADER_BYTES);
    },
    decoder: (onMessage) => new LengthDecoder(limitBytes, onMessage),
  };
}

class LengthDecoder implements FrameDecoder {
  readonly #limitBytes: number;
  readonly #onMessage: (payload: Buffer) => void;
  readonly #header = new PartialFrame();
  readonly #payload = new PartialFrame();
  /** Payload bytes of the frame in progress; -1 while its header is not complete. */
  #expected = -1;

  constructor(limitBytes: number, onMessage: (payload: Buffer) => void) {
    this.#limitBytes = limitBytes;
    this.#onMessage = onMessage;
  }

  push(chunk: Buffer): void {
    let at = this.#resume(chunk);
    while (at + HEADER_BYTES <= chunk.length) {
      const length = this.#checked(chunk.readUInt32BE(at));
      const end = at + HEADER_BYTES + length;
      if (end > chunk.length) {
        this.#expected = length;
        this.#payload.append(chunk, at + HEADER_BYTES, chunk.length);
        return;
      }
      this.#onMessage(chunk.subarray(at + HEADER_BYTES, end));
      at = end;
    }
    if (at < chunk.length) this.#header.append(chunk, at, chunk.length);
  }

  get midFrame(): boolean {
    return this.#expected >= 0 || this.#header.length > 0;
  }

  end(): void {
    if (!this.midFrame) return;
    const got = this.#expected < 0 ? `${this.#header.length} bytes of a header` : `${this.#payload.length} bytes`;
    const expected = this.#expected < 0 ? `${HEADER_BYTES} bytes of header` : `${this.#expected} bytes`;
    throw new SockbenchError('E_FRAME_TRUNCATED', `length framing: expected ${expected}, got ${got} before the stream ended`);
  }

  /** Finishes a frame that an earlier chunk began; returns where in this chunk the next frame begins. */
  #resume(chunk: Buffer): number {
    let at = 0;
    if (this.#expected < 0) {
      if (this.#header.length === 0) return 0;
      at = Math.min(HEADER_BYTES - this.#header.length, chunk.length);
      this.#header.append(chunk, 0, at);
      if (this.#header.length < HEADER_BYTES) return at;
      this.#expected = this.#checked(this.#header.take().readUInt32BE(0));
    }
    const end = Math.min(at + this.#expected - this.#payload.length, chunk.length);
    this.#payload.append(chunk, at, end);
    if (this.#payload.length === this.#expected) {
      this.#expected = -1;
      this.#onMessage(this.#payload.take());
    }
    return end;
  }

  #checked(length: number): number {
    if (length > this.#limitBytes) throw tooLarge(this.#limitBytes, length);
    return length;
  }
}

function tooLarge(limitBytes: number, got: number): SockbenchError {
  return new SockbenchError('E_FRAME_TOO_LARGE', `length framing: expected at most ${limitBytes} bytes a message, got ${got}`, {
    remedy: 'raise --max-message on both sides, or send smaller messages',
  });
}

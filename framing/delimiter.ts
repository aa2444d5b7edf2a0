import { SockbenchError } from '../errors/sockbench-error.ts';
import type { Framing, FrameDecoder } from './framing.ts';
import { PartialFrame } from './partial-frame.ts';

const NEWLINE = 0x0a;

/** A newline after each message, so that `nc` and telnet can talk to any server here. A carriage return is content. */
export function delimiter(limitBytes: number): Framing {
  return {
    name: 'line',
    summary: 'a newline after each message; works with nc and telnet',
    headerBytes: 0,
    overheadBytes: 1,
    encodeInto(payload, target, offset) {
      if (payload.length > limitBytes) throw tooLarge(limitBytes, payload.length);
      const newline = payload.indexOf(NEWLINE);
      if (newline >= 0) {
        throw new SockbenchError(
          'E_FRAME_DELIMITER',
          `line framing: expected a payload without newline, got one at byte ${newline}`,
          {
            remedy: 'use --framing length for binary content',
          },
        );
      }
      const end = offset + payload.copy(target, offset);
      target[end] = NEWLINE;
      return end + 1;
    },
    decoder: (onMessage) => new LineDecoder(limitBytes, onMessage),
  };
}

class LineDecoder implements FrameDecoder {
  readonly #limitBytes: number;
  readonly #onMessage: (payload: Buffer) => void;
  readonly #partial = new PartialFrame();

  constructor(limitBytes: number, onMessage: (payload: Buffer) => void) {
    this.#limitBytes = limitBytes;
    this.#onMessage = onMessage;
  }

  push(chunk: Buffer): void {
    let at = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, at)) {
      this.#check(this.#partial.length + end - at);
      if (this.#partial.length === 0) {
        this.#onMessage(chunk.subarray(at, end));
      } else {
        this.#partial.append(chunk, at, end);
        this.#onMessage(this.#partial.take());
      }
      at = end + 1;
    }
    if (at === chunk.length) return;
    this.#check(this.#partial.length + chunk.length - at);
    this.#partial.append(chunk, at, chunk.length);
  }

  get midFrame(): boolean {
    return this.#partial.length > 0;
  }

  end(): void {
    if (!this.midFrame) return;
    throw new SockbenchError(
      'E_FRAME_TRUNCATED',
      `line framing: expected a newline, got ${this.#partial.length} bytes without one before the stream ended`,
    );
  }

  #check(length: number): void {
    if (length > this.#limitBytes) throw tooLarge(this.#limitBytes, length);
  }
}

function tooLarge(limitBytes: number, got: number): SockbenchError {
  return new SockbenchError('E_FRAME_TOO_LARGE', `line framing: expected at most ${limitBytes} bytes a line, got ${got} or more`, {
    remedy: 'raise --max-message on both sides, or send shorter lines',
  });
}

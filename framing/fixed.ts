import { SockbenchError } from '../errors/sockbench-error.ts';
import type { Framing, FrameDecoder } from './framing.ts';
import { PartialFrame } from './partial-frame.ts';

/**
 * Every message has the same size, which both sides know; nothing else is on the wire.
 * @throws SockbenchError E_FRAME_SIZE: a stream holds endlessly many messages of no bytes
 */
export function fixed(_limitBytes: number, sizeBytes: number): Framing {
  if (!Number.isInteger(sizeBytes) || sizeBytes < 1) {
    throw new SockbenchError('E_FRAME_SIZE', `fixed framing: expected a size of 1 or more whole bytes, got ${sizeBytes}`, {
      remedy: 'give both sides the same --size, 1 or more',
    });
  }
  return {
    name: 'fixed',
    summary: `messages of a size that both sides know (--size, here ${sizeBytes} bytes); no overhead`,
    headerBytes: 0,
    overheadBytes: 0,
    encodeInto(payload, target, offset) {
      if (payload.length !== sizeBytes) {
        throw new SockbenchError('E_FRAME_SIZE', `fixed framing: expected a payload of ${sizeBytes} bytes, got ${payload.length}`, {
          remedy: 'give both sides the same --size',
        });
      }
      return offset + payload.copy(target, offset);
    },
    decoder: (onMessage) => new FixedDecoder(sizeBytes, onMessage),
  };
}

class FixedDecoder implements FrameDecoder {
  readonly #sizeBytes: number;
  readonly #onMessage: (payload: Buffer) => void;
  readonly #partial = new PartialFrame();

  constructor(sizeBytes: number, onMessage: (payload: Buffer) => void) {
    this.#sizeBytes = sizeBytes;
    this.#onMessage = onMessage;
  }

  push(chunk: Buffer): void {
    let at = 0;
    if (this.#partial.length > 0) {
      at = Math.min(this.#sizeBytes - this.#partial.length, chunk.length);
      this.#partial.append(chunk, 0, at);
      if (this.#partial.length < this.#sizeBytes) return;
      this.#onMessage(this.#partial.take());
    }
    for (; at + this.#sizeBytes <= chunk.length; at += this.#sizeBytes) {
      this.#onMessage(chunk.subarray(at, at + this.#sizeBytes));
    }
    if (at < chunk.length) this.#partial.append(chunk, at, chunk.length);
  }

  get midFrame(): boolean {
    return this.#partial.length > 0;
  }

  end(): void {
    if (!this.midFrame) return;
    throw new SockbenchError(
      'E_FRAME_TRUNCATED',
      `fixed framing: expected ${this.#sizeBytes} bytes a message, got ${this.#partial.length} before the stream ended`,
    );
  }
}

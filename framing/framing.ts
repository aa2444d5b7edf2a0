import { unknownName } from '../errors/choice.ts';
import { delimiter } from './delimiter.ts';
import { fixed } from './fixed.ts';
import { lengthPrefixed } from './length-prefixed.ts';

/** How messages are told apart in a byte stream. */
export interface Framing {
  readonly name: string;
  readonly summary: string;
  /** Bytes of a frame before its payload. */
  readonly headerBytes: number;
  /** Bytes of a frame before and after its payload. */
  readonly overheadBytes: number;
  /**
   * Writes the frame of `payload` into `target` at `offset`; `target` must have room for the payload and `overheadBytes`.
   * @returns the offset just after the frame
   * @throws SockbenchError E_FRAME_TOO_LARGE, E_FRAME_SIZE (fixed), E_FRAME_DELIMITER (line)
   */
  encodeInto(payload: Buffer, target: Buffer, offset: number): number;
  /** `onMessage` gets a view of the pushed chunk where the message lies whole in it: use it before returning, or copy it. */
  decoder(onMessage: (payload: Buffer) => void): FrameDecoder;
}

export interface FrameDecoder {
  /** @throws SockbenchError E_FRAME_TOO_LARGE; the stream can't be read any further then */
  push(chunk: Buffer): void;
  /** @throws SockbenchError E_FRAME_TRUNCATED if the stream ended inside a frame */
  end(): void;
  /** A frame has begun and is not whole. */
  readonly midFrame: boolean;
}

export interface FramingOptions {
  /** The longest payload in bytes, both ways; 1 MiB unless set. */
  limitBytes?: number;
  /** The size of every payload in bytes, for `fixed`; 64 unless set. */
  sizeBytes?: number;
}

const framings = { fixed, length: lengthPrefixed, line: delimiter };

export const framingNames = Object.keys(framings);

/** @throws SockbenchError E_UNKNOWN_NAME, E_FRAME_SIZE (fixed, with a size below 1) */
export function byName(name: string, options: FramingOptions = {}): Framing {
  if (!Object.hasOwn(framings, name)) throw unknownName('framing', name, framingNames);
  return framings[name as keyof typeof framings](options.limitBytes ?? 1 << 20, options.sizeBytes ?? 64);
}

/** One frame in a buffer of its own. Hot paths collect frames in a FrameBatch instead. */
export function encode(framing: Framing, payload: Buffer): Buffer {
  const frame = Buffer.allocUnsafe(payload.length + framing.overheadBytes);
  framing.encodeInto(payload, frame, 0);
  return frame;
}

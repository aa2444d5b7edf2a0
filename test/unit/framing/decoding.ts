import { SockbenchError } from '../../../errors/sockbench-error.ts';
import type { Framing } from '../../../framing/framing.ts';

export interface Decoded {
  /** In hexadecimal, so that a difference can be read. */
  messages: string[];
  /** The error's code, where the stream could not be read to its end. */
  code?: string;
}

/**
 * What a receiver gets that reads every chunk into the same memory: each chunk is overwritten once it has been pushed, so a
 * decoder that holds on to a chunk instead of copying from it shows as wrong content.
 */
export function decode(framing: Framing, chunks: readonly Buffer[]): Decoded {
  const messages: string[] = [];
  const decoder = framing.decoder((payload) => messages.push(payload.toString('hex')));
  try {
    for (const chunk of chunks) {
      const received = Buffer.from(chunk);
      decoder.push(received);
      received.fill(0xee);
    }
    decoder.end();
    return { messages };
  } catch (error) {
    if (error instanceof SockbenchError) return { messages, code: error.code };
    throw error;
  }
}

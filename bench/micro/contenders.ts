import type { Transform } from 'node:stream';
import { finished } from 'node:stream/promises';
import lengthPrefixedStream from 'length-prefixed-stream';
import split2 from 'split2';
import { byName, encode } from '../../framing/framing.ts';

export type OnMessage = (message: Buffer | string) => void;

export interface Contender {
  readonly name: string;
  /** Ours with the same kind of frame. */
  readonly comparedTo: string;
  /** Whether `decode` returns a promise. */
  readonly isAsync: boolean;
  wire(payloads: readonly Buffer[]): Promise<Buffer>;
  /** Decodes a whole stream with a new decoder. Ours has nothing to wait for, and a promise would cost it something. */
  decode(chunks: readonly Buffer[], onMessage: OnMessage): Promise<void> | void;
}

export function ours(name: string, sizeBytes: number): Contender {
  const framing = byName(name, { sizeBytes });
  return {
    name,
    comparedTo: name,
    isAsync: false,
    wire: async (payloads) => Buffer.concat(payloads.map((payload) => encode(framing, payload))),
    decode(chunks, onMessage) {
      const decoder = framing.decoder(onMessage);
      for (const chunk of chunks) decoder.push(chunk);
      decoder.end();
    },
  };
}

export const theirs: readonly Contender[] = [
  {
    name: 'length-prefixed-stream',
    comparedTo: 'length',
    isAsync: true,
    async wire(payloads) {
      const frames: Buffer[] = [];
      await drive(lengthPrefixedStream.encode(), payloads, (frame) => frames.push(Buffer.from(frame)));
      return Buffer.concat(frames);
    },
    decode: (chunks, onMessage) => drive(lengthPrefixedStream.decode(), chunks, onMessage),
  },
  {
    name: 'split2',
    comparedTo: 'line',
    isAsync: true,
    wire: async (payloads) => Buffer.concat(payloads.flatMap((payload) => [payload, Buffer.from('\n')])),
    // The delimiter of our `line`. The default expression also takes carriage returns off, and is up to three times slower.
    decode: (chunks, onMessage) => drive(split2('\n'), chunks, onMessage),
  },
];

/** As `pipe` does: writes until the stream asks to wait, and goes on when it has drained. */
async function drive(stream: Transform, chunks: readonly Buffer[], onMessage: OnMessage): Promise<void> {
  stream.on('data', onMessage);
  let next = 0;
  const feed = (): void => {
    for (let chunk = chunks[next]; chunk !== undefined; chunk = chunks[next]) {
      next += 1;
      if (stream.write(chunk)) continue;
      stream.once('drain', feed);
      return;
    }
    stream.end();
  };
  feed();
  await finished(stream);
}

import { describe, expect, test } from 'vitest';
import { byName, encode, type Framing } from '../../../framing/framing.ts';
import { cutIntoBytes } from './cutting.ts';
import { decode } from './decoding.ts';

const framings: [string, Framing][] = [
  ['fixed', byName('fixed', { sizeBytes: 5 })],
  ['length', byName('length')],
  ['line', byName('line')],
];
const hello = Buffer.from('hello');

function endOf(framing: Framing, stream: Buffer): () => void {
  const decoder = framing.decoder(() => undefined);
  decoder.push(stream);
  return () => decoder.end();
}

describe.each(framings)('%s framing', (name, framing) => {
  const frame = encode(framing, hello);

  test('a stream may end before the first message, or after any', () => {
    expect(decode(framing, [])).toEqual({ messages: [] });
    expect(decode(framing, [frame])).toEqual({ messages: [hello.toString('hex')] });
    expect(decode(framing, cutIntoBytes(frame))).toEqual({ messages: [hello.toString('hex')] });
  });

  test('a stream that ends anywhere inside a frame is truncated, and the messages before it stand', () => {
    for (let bytes = 1; bytes < frame.length; bytes += 1) {
      const stream = Buffer.concat([frame, frame.subarray(0, bytes)]);
      const expected = { messages: [hello.toString('hex')], code: 'E_FRAME_TRUNCATED' };
      expect(decode(framing, [stream])).toEqual(expected);
      expect(decode(framing, cutIntoBytes(stream))).toEqual(expected);
    }
  });

  test('the error says what was expected and what came', () => {
    expect(endOf(framing, frame.subarray(0, -1))).toThrow(
      expect.objectContaining({
        code: 'E_FRAME_TRUNCATED',
        message: expect.stringMatching(new RegExp(`^${name} framing: expected .+, got \\d+ .*before the stream ended$`)),
      }),
    );
  });
});

test('length framing tells a truncated header from a truncated payload', () => {
  const framing = byName('length');
  const frame = encode(framing, hello);
  expect(endOf(framing, frame.subarray(0, 3))).toThrow('expected 4 bytes of header, got 3 bytes of a header');
  expect(endOf(framing, frame.subarray(0, 4))).toThrow('expected 5 bytes, got 0 bytes');
  expect(endOf(framing, frame.subarray(0, 6))).toThrow('expected 5 bytes, got 2 bytes');
});

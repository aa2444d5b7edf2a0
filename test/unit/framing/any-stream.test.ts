import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { byName, type Framing } from '../../../framing/framing.ts';
import { chunkSizesBytes, cut, cutIntoBytes } from './cutting.ts';
import { decode } from './decoding.ts';
import { seed } from './seed.ts';

/** Low, so that short streams reach it. */
const limitBytes = 12;

/**
 * Pieces that mean something to a framing (a length with some content, a line) between pieces that don't: evenly random bytes
 * would be "too large" at once and never get any further.
 */
const content = fc.array(fc.nat({ max: 255 }), { maxLength: limitBytes + 1, size: 'max' });
const framed = fc
  .tuple(fc.nat({ max: limitBytes }), content)
  .map(([length, bytes]) => [0, 0, 0, length, ...bytes.slice(0, length)]);
const line = content.map((bytes) => [...bytes, 0x0a]);
const pieces = fc.oneof(
  fc.array(framed, { maxLength: 12, size: 'max' }),
  fc.array(line, { maxLength: 12, size: 'max' }),
  fc.array(fc.oneof(framed, line, content), { maxLength: 12, size: 'max' }),
);
/** The end is cut off most streams. */
const stream = fc.tuple(pieces, fc.nat({ max: 6 })).map(([whole, missingBytes]) => {
  const bytes = Buffer.from(whole.flat());
  return bytes.subarray(0, Math.max(0, bytes.length - missingBytes));
});

const framings: [string, Framing][] = [
  ['fixed', byName('fixed', { sizeBytes: 7, limitBytes })],
  ['length', byName('length', { limitBytes })],
  ['line', byName('line', { limitBytes })],
];

describe.each(framings)('%s framing', (_name, framing) => {
  test('any bytes give the same messages and the same error, however they are cut', () => {
    fc.assert(
      fc.property(stream, chunkSizesBytes, (received, sizesBytes) => {
        expect(decode(framing, cut(received, sizesBytes))).toEqual(decode(framing, [received]));
      }),
      { seed, numRuns: 1000 },
    );
  });

  test('any bytes give the same messages and the same error when they arrive one by one', () => {
    fc.assert(
      fc.property(stream, (received) => {
        expect(decode(framing, cutIntoBytes(received))).toEqual(decode(framing, [received]));
      }),
      { seed, numRuns: 300 },
    );
  });

  test('one decoder says nothing about another', () => {
    const other = framing.decoder(() => undefined);
    other.push(Buffer.from([0, 0, 0]));
    expect(decode(framing, [])).toEqual({ messages: [] });
  });
});

import { describe, expect, test } from 'vitest';
import { byName, encode } from '../../../framing/framing.ts';
import { cutIntoBytes } from './cutting.ts';
import { decode } from './decoding.ts';

const limitBytes = 100;
const atLimit = Buffer.alloc(limitBytes, 'x');
const overLimit = Buffer.alloc(limitBytes + 1, 'x');

/** `fixed` has no limit of its own: both sides know the size. */
describe.each(['length', 'line'])('%s framing', (name) => {
  const framing = byName(name, { limitBytes });
  const unlimited = byName(name);
  const tooLarge = expect.objectContaining({
    code: 'E_FRAME_TOO_LARGE',
    message: expect.stringMatching(/expected at most 100 bytes a \w+, got 101/),
    remedy: expect.stringContaining('--max-message'),
  });

  test('a payload exactly at the limit is encoded', () => {
    expect(encode(framing, atLimit)).toHaveLength(limitBytes + framing.overheadBytes);
  });

  test('a payload over the limit is not encoded', () => {
    expect(() => encode(framing, overLimit)).toThrow(tooLarge);
  });

  test('a message exactly at the limit is decoded, whole or in single bytes', () => {
    const stream = encode(unlimited, atLimit);
    expect(decode(framing, [stream])).toEqual({ messages: [atLimit.toString('hex')] });
    expect(decode(framing, cutIntoBytes(stream))).toEqual({ messages: [atLimit.toString('hex')] });
  });

  test('a message over the limit is not decoded, whole or in single bytes', () => {
    const stream = encode(unlimited, overLimit);
    expect(() => framing.decoder(() => undefined).push(stream)).toThrow(tooLarge);
    expect(decode(framing, cutIntoBytes(stream))).toEqual({ messages: [], code: 'E_FRAME_TOO_LARGE' });
  });

  test('messages before the one over the limit are decoded', () => {
    const stream = Buffer.concat([encode(unlimited, atLimit), encode(unlimited, overLimit)]);
    expect(decode(framing, [stream])).toEqual({ messages: [atLimit.toString('hex')], code: 'E_FRAME_TOO_LARGE' });
  });

  test('the limit is 1 MiB unless set', () => {
    expect(encode(unlimited, Buffer.alloc(1 << 20))).toHaveLength((1 << 20) + unlimited.overheadBytes);
    expect(() => encode(unlimited, Buffer.alloc((1 << 20) + 1))).toThrow('expected at most 1048576 bytes');
  });
});

test('length framing refuses a header over the limit before any payload arrives', () => {
  const header = Buffer.from([0, 0, 0, limitBytes + 1]);
  expect(decode(byName('length', { limitBytes }), [header])).toEqual({ messages: [], code: 'E_FRAME_TOO_LARGE' });
});

test('length framing reads the length as unsigned', () => {
  const header = Buffer.from([0xff, 0xff, 0xff, 0xff]);
  expect(() =>
    byName('length', { limitBytes })
      .decoder(() => undefined)
      .push(header),
  ).toThrow('got 4294967295');
});

test('line framing refuses a line over the limit before its newline arrives', () => {
  const framing = byName('line', { limitBytes });
  expect(decode(framing, [overLimit])).toEqual({ messages: [], code: 'E_FRAME_TOO_LARGE' });
  expect(decode(framing, [atLimit, Buffer.from('x')])).toEqual({ messages: [], code: 'E_FRAME_TOO_LARGE' });
});

import { expect, test } from 'vitest';
import { byName, encode } from '../../../framing/framing.ts';

const hello = Buffer.from('hello');

test('fixed framing puts the payload on the wire as it is', () => {
  expect(encode(byName('fixed', { sizeBytes: 5 }), hello).toString('latin1')).toBe('hello');
});

test('length framing puts an unsigned 32-bit big-endian length before the payload', () => {
  expect(encode(byName('length'), hello).toString('latin1')).toBe('\0\0\0\u0005hello');
  expect(encode(byName('length'), Buffer.alloc(0x01_02_03)).subarray(0, 4)).toEqual(Buffer.from([0, 1, 2, 3]));
});

test('line framing puts a newline after the payload, and leaves carriage returns in it', () => {
  expect(encode(byName('line'), Buffer.from('hello\r')).toString('latin1')).toBe('hello\r\n');
});

test('a frame is written at the offset asked for, and the offset after it comes back', () => {
  for (const framing of [byName('fixed', { sizeBytes: 5 }), byName('length'), byName('line')]) {
    const target = Buffer.alloc(20, 0xee);
    const end = framing.encodeInto(hello, target, 3);
    expect(target.subarray(3, end)).toEqual(encode(framing, hello));
    expect(target.subarray(0, 3)).toEqual(Buffer.alloc(3, 0xee));
    expect(target.subarray(end)).toEqual(Buffer.alloc(20 - end, 0xee));
  }
});

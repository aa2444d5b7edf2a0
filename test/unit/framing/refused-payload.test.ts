import { describe, expect, test } from 'vitest';
import { byName, encode } from '../../../framing/framing.ts';

test.each(['\n', 'a\nb', 'ab\n'])('line framing does not encode %j, which would arrive as several messages', (text) => {
  expect(() => encode(byName('line'), Buffer.from(text))).toThrow(
    expect.objectContaining({
      code: 'E_FRAME_DELIMITER',
      message: `line framing: expected a payload without newline, got one at byte ${text.indexOf('\n')}`,
      remedy: expect.stringContaining('--framing length'),
    }),
  );
});

test('length framing encodes a payload with newlines', () => {
  expect(encode(byName('length'), Buffer.from('a\nb'))).toHaveLength(7);
});

test.each([0, 7, 9])('fixed framing of 8 bytes does not encode %i bytes', (payloadBytes) => {
  expect(() => encode(byName('fixed', { sizeBytes: 8 }), Buffer.alloc(payloadBytes))).toThrow(
    expect.objectContaining({
      code: 'E_FRAME_SIZE',
      message: `fixed framing: expected a payload of 8 bytes, got ${payloadBytes}`,
      remedy: expect.stringContaining('--size'),
    }),
  );
});

test('fixed framing has 64 bytes unless set', () => {
  expect(encode(byName('fixed'), Buffer.alloc(64))).toHaveLength(64);
  expect(() => encode(byName('fixed'), Buffer.alloc(63))).toThrow('expected a payload of 64 bytes, got 63');
});

describe('a size that no stream could be cut by', () => {
  test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('%d is refused by fixed framing', (sizeBytes) => {
    expect(() => byName('fixed', { sizeBytes })).toThrow(
      expect.objectContaining({ code: 'E_FRAME_SIZE', message: expect.stringMatching(/expected .+, got .+/) }),
    );
  });

  test('does not concern the framings that have no size', () => {
    expect(byName('line', { sizeBytes: 0 }).name).toBe('line');
    expect(byName('length', { sizeBytes: 0 }).name).toBe('length');
  });
});

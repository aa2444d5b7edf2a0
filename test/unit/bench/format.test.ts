import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatCount, formatLatency, formatMiB, formatMicroseconds, formatNs, formatRate } from '../../../bench/report/format.ts';

describe('a time', () => {
  test.each([
    [0, '0 ns'],
    [0.4, '0 ns'],
    [1, '1 ns'],
    [850.4, '850 ns'],
    [999.4, '999 ns'],
    [999.5, '1.00 µs'],
    [999.6, '1.00 µs'],
    [1000, '1.00 µs'],
    [9994, '9.99 µs'],
    [9996, '10.0 µs'],
    [12_345, '12.3 µs'],
    [99_940, '99.9 µs'],
    [99_960, '100 µs'],
    [100_000, '100 µs'],
    [999_400, '999 µs'],
    [999_600, '1.00 ms'],
    [1_250_000, '1.25 ms'],
    [999_400_000, '999 ms'],
    [999_600_000, '1.00 s'],
    [1_300_000_000, '1.30 s'],
    [99_960_000_000, '100 s'],
    [600_000_000_000, '600 s'],
    [1_234_000_000_000, '1234 s'],
  ])('of %d ns is printed as %s', (ns, text) => {
    expect(formatNs(ns)).toBe(text);
  });

  test('is printed with three digits, right to half of the last one', () => {
    const sizes = { ns: 1, µs: 1e3, ms: 1e6, s: 1e9 };
    fc.assert(
      fc.property(fc.double({ min: 1, max: 600e9, noNaN: true }), (ns) => {
        const [, digits = '', unit = ''] = /^(\d+(?:\.\d+)?) (\w+)$/u.exec(formatNs(ns).replace('µ', 'u')) ?? [];
        const size = sizes[unit.replace('u', 'µ') as keyof typeof sizes];
        const lastDigit = size * 10 ** -(digits.split('.')[1]?.length ?? 0);
        expect(Math.abs(Number(digits) * size - ns)).toBeLessThanOrEqual(lastDigit * 0.5000001);
        expect(Number(digits)).toBeLessThan(1000);
      }),
    );
  });
});

describe('a rate', () => {
  test.each([
    [0, '0'],
    [64, '64'],
    [980.2, '980'],
    [999.4, '999'],
    [999.6, '1.00k'],
    [1000, '1.00k'],
    [9996, '10.0k'],
    [17_432, '17.4k'],
    [99_960, '100k'],
    [105_528, '106k'],
    [999_400, '999k'],
    [999_600, '1.00M'],
    [999_950, '1.00M'],
    [999_999, '1.00M'],
    [1_000_000, '1.00M'],
    [2_214_000, '2.21M'],
    [99_960_000, '100M'],
    [1_234_000_000, '1234M'],
  ])('of %d is printed as %s', (value, text) => {
    expect(formatRate(value)).toBe(text);
  });
});

describe('a count', () => {
  test.each([
    [0, '0'],
    [999.6, '1,000'],
    [105_528.4, '105,528'],
    [2_214_000, '2,214,000'],
  ])('of %d is printed in full: %s', (value, text) => {
    expect(formatCount(value)).toBe(text);
  });
});

describe('a latency', () => {
  test.each([
    [{ ns: 12_300, lowerBound: false }, '12.3 µs'],
    [{ ns: 404e6, lowerBound: true }, '≥404 ms'],
    [undefined, '–'],
  ])('%j is printed as %s', (figure, text) => {
    expect(formatLatency(figure)).toBe(text);
  });
});

describe('CPU time per message, always in µs', () => {
  test.each([
    [undefined, '–'],
    [0, '0.00'],
    [850, '0.850'],
    [9_285, '9.29'],
    [99_960, '100'],
    [13_302_000, '13302'],
  ])('%s ns is printed as %s', (ns, text) => {
    expect(formatMicroseconds(ns)).toBe(text);
  });
});

describe('memory, always in MiB', () => {
  test.each([
    [undefined, '–'],
    [0, '0'],
    [58_744_832, '56'],
    [2 ** 30, '1024'],
  ])('%s bytes are printed as %s', (bytes, text) => {
    expect(formatMiB(bytes)).toBe(text);
  });
});

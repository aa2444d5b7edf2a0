import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { distribute } from '../../../loadgen/options.ts';
import { seed } from '../framing/seed.ts';

describe('distribute', () => {
  test('makes whole parts that add up to the whole and differ by at most one', () => {
    fc.assert(
      fc.property(fc.nat({ max: 1e9 }), fc.integer({ min: 1, max: 200 }), (total, count) => {
        const parts = distribute(total, count);
        expect(parts).toHaveLength(count);
        expect(parts.every((part) => Number.isInteger(part) && part >= 0)).toBe(true);
        expect(parts.reduce((sum, part) => sum + part, 0)).toBe(total);
        expect(Math.max(...parts) - Math.min(...parts)).toBeLessThanOrEqual(1);
      }),
      { seed },
    );
  });

  test.each([
    [5, 2, [2, 3]],
    [2, 3, [0, 1, 1]],
    [0, 2, [0, 0]],
    [7, 1, [7]],
  ])('splits %i among %i as %j', (total, count, parts) => {
    expect(distribute(total, count)).toEqual(parts);
  });
});

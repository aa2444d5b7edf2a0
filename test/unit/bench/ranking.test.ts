import { describe, expect, test } from 'vitest';
import { medianInterval } from '../../../bench/statistics/order.ts';
import { rank } from '../../../bench/statistics/ranking.ts';

const between = (low: number, high: number): { low: number; high: number; confidence: number } => ({ low, high, confidence: 0.95 });

describe('a ranking by intervals', () => {
  test('counts those above for sure', () => {
    expect(rank([between(1, 2), between(5, 6), between(3, 4)])).toEqual([
      { place: 3, tied: false },
      { place: 1, tied: false },
      { place: 2, tied: false },
    ]);
  });

  test('names no winner where the first two overlap', () => {
    expect(rank([between(8, 10), between(9, 12), between(1, 2)])).toEqual([
      { place: 1, tied: true },
      { place: 1, tied: true },
      { place: 3, tied: false },
    ]);
  });

  test('lets one that overlaps two share neither of their certainties', () => {
    expect(rank([between(1, 4), between(3, 8), between(7, 9)])).toEqual([
      { place: 2, tied: true },
      { place: 1, tied: true },
      { place: 1, tied: true },
    ]);
  });

  test('is sure of no order after three trials, and of some after four', () => {
    const after = (trials: number): ReturnType<typeof rank> =>
      rank([[100], [200]].map(([rate]) => medianInterval(Array(trials).fill(rate))));
    expect(after(3)).toEqual([
      { place: 1, tied: true },
      { place: 1, tied: true },
    ]);
    expect(after(4)).toEqual([
      { place: 2, tied: false },
      { place: 1, tied: false },
    ]);
  });

  test('puts intervals that touch into a tie', () => {
    expect(rank([between(1, 2), between(2, 3)])).toEqual([
      { place: 1, tied: true },
      { place: 1, tied: true },
    ]);
  });
});

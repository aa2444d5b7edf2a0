import { describe, expect, test } from 'vitest';
import { growthOf } from '../../../bench/statistics/growth.ts';
import { mulberry32 } from '../../../loadgen/random.ts';

const strict = { share: 0, least: 0 };

describe('growth', () => {
  test('is what goes on, not what happened while something warmed up', () => {
    expect(growthOf([10, 20, 30, 31, 30, 31, 30, 31, 31], strict)).toEqual({ from: 31, to: 31, grows: false });
    expect(growthOf([10, 11, 12, 13, 14, 15, 16, 17, 18], strict)).toEqual({ from: 14, to: 17, grows: true });
  });

  test('is not said when one look of the last third is as low as one before', () => {
    expect(growthOf([10, 11, 12, 13, 14, 15, 15, 17, 18], strict).grows).toBe(false);
  });

  test('is not said within what may be more, as a share or as an amount', () => {
    const looks = [100, 100, 100, 100, 100, 100, 110, 110, 110];
    expect(growthOf(looks, { share: 0.1, least: 0 }).grows).toBe(false);
    expect(growthOf(looks, { share: 0, least: 10 }).grows).toBe(false);
    expect(growthOf(looks, { share: 0.09, least: 9 }).grows).toBe(true);
  });

  test('is seldom said of what only varies: of 18 looks once in 924', () => {
    const random = mulberry32(1);
    const runs = 20_000;
    let said = 0;
    for (let run = 0; run < runs; run += 1) if (growthOf(Array.from({ length: 18 }, random), strict).grows) said += 1;
    expect(said / runs).toBeGreaterThan(0.5 / 924);
    expect(said / runs).toBeLessThan(2 / 924);
  });
});

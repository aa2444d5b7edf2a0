import { describe, expect, test } from 'vitest';
import { isWarm } from '../../../bench/gate/warm-up.ts';
import { sliceOrder } from '../../../bench/gate/slice-order.ts';
import { screen } from '../../../bench/gate/rule.ts';
import { mulberry32 } from '../../../loadgen/random.ts';
import { normal } from './distributions.ts';

describe.each([2, 3])('the order of %d arms', (arms) => {
  test.each([1, 2, 3, 4, 5])('gives every arm the same slots in sum, and each round every arm (seed %d)', (seed) => {
    const rounds = sliceOrder(arms, 4, mulberry32(seed));
    const sums = Array.from({ length: arms }, (_, arm) => rounds.reduce((sum, order) => sum + order.indexOf(arm), 0));
    expect(new Set(sums).size).toBe(1);
    for (const order of rounds) expect(new Set(order)).toEqual(new Set(Array(arms).keys()));
  });

  test('differs from seed to seed', () => {
    const orders = new Set(Array.from({ length: 20 }, (_, seed) => JSON.stringify(sliceOrder(arms, 4, mulberry32(seed)))));
    expect(orders.size).toBeGreaterThan(3);
  });
});

const inFixedOrder = [
  [0, 1],
  [0, 1],
  [0, 1],
  [0, 1],
];

/** One block of equal servers, where being measured second in a round always costs 5 %. */
function blockDifference(order: readonly number[][], random: () => number): number {
  const logs: number[][] = [[], []];
  for (const round of order) {
    round.forEach((arm, slot) => logs[arm]!.push((slot === 1 ? Math.log(1.05) : 0) + 0.01 * normal(random)));
  }
  const [base = 0, head = 0] = logs.map((values) => values.reduce((sum, value) => sum + value, 0) / values.length);
  return head - base;
}

test('a second slot that is always 5 % slower leaves equal servers clean; in a fixed order it would be a regression', () => {
  let clean = 0;
  let fixedSuspicions = 0;
  for (let seed = 0; seed < 50; seed += 1) {
    const random = mulberry32(seed);
    const balanced = Array.from({ length: 7 }, () => blockDifference(sliceOrder(2, 4, random), random));
    const fixed = Array.from({ length: 7 }, () => blockDifference(inFixedOrder, random));
    const { finding } = screen(balanced);
    expect(Math.abs(finding.effect)).toBeLessThan(0.015);
    if (finding.upperBound! < 0.05) clean += 1;
    if (!screen(fixed).settled) fixedSuspicions += 1;
  }
  expect(clean).toBe(50);
  expect(fixedSuspicions).toBe(50);
});

describe('warming up', () => {
  test('is over when no server got cheaper from one round to the next', () => {
    expect(isWarm([[30], [15]], 8)).toBe(false); // too few to tell
    expect(isWarm([[30], [15], [11]], 8)).toBe(false);
    expect(isWarm([[30], [15], [11], [10.9]], 8)).toBe(true);
    expect(
      isWarm(
        [
          [30, 30],
          [11, 15],
          [11, 11],
        ],
        8,
      ),
    ).toBe(false);
  });

  test('is over after so many rounds in any case', () => {
    expect(
      isWarm(
        Array.from({ length: 8 }, (_, round) => [100 / (round + 1)]),
        8,
      ),
    ).toBe(true);
  });
});

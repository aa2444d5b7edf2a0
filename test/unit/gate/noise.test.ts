/** How much equal servers differ from block to block, and how many blocks that asks for. */
import { expect, test } from 'vitest';
import { blocksFor, noiseBetween } from '../../../bench/gate/noise.ts';
import type { BlockRecord } from '../../../bench/gate/result.ts';

/** A block whose head costs e^difference times what base costs, in every figure. */
function block(difference: number, rest: Partial<BlockRecord> = {}): BlockRecord {
  const factor = Math.exp(difference);
  const arms: BlockRecord['arms'] = {
    base: { cpu: 10_000, throughput: 1e5, p50: 50_000, p90: 90_000, p99: 500_000 },
    head: { cpu: 10_000 * factor, throughput: 1e5 / factor, p50: 50_000 * factor, p90: 90_000 * factor, p99: 500_000 * factor },
  };
  return { stage: 'screen', contestant: 'a', arms, clientLimited: 0, rate: 1000, warmUpRounds: 3, ...rest };
}

/** Mean 0.01, squares of what is off it 0, 4e-4 and 4e-4: a variance of 8e-4 / 2, a deviation of 0.02. */
const differences = [0.01, -0.01, 0.03];

test('the deviation is that of the log ratios, one a block, for each row that is gated', () => {
  const found = noiseBetween(
    differences.map((difference) => block(difference)),
    ['a'],
  );
  expect(found.map(({ metric }) => metric)).toEqual(['cpu', 'throughput', 'p50', 'p90']);
  for (const { deviation, measured } of found) {
    expect(deviation).toBeCloseTo(0.02, 12);
    expect(measured).toBe(3);
  }
});

test('each server has its own noise; disturbed blocks are left out, and those without the figure', () => {
  const { base, head } = block(0.5).arms;
  const without = { base: { ...base }, head: { throughput: head!.throughput! } };
  const found = noiseBetween(
    [
      ...differences.map((difference) => block(difference)),
      ...differences.map((difference) => block(2 * difference, { contestant: 'b' })),
      block(0.9, { dropped: 'other programs took 0.50 CPUs' }),
      block(0.01, { arms: without }),
    ],
    ['a', 'b'],
  );
  const of = (model: string, metric: string): object => found.find((each) => each.model === model && each.metric === metric)!;
  expect(of('a', 'cpu')).toMatchObject({ deviation: expect.closeTo(0.02, 12), measured: 3 });
  expect(of('a', 'throughput')).toMatchObject({ measured: 4 });
  expect(of('b', 'cpu')).toMatchObject({ deviation: expect.closeTo(0.04, 12), measured: 3 });
});

test('of a single block nothing is said', () => {
  expect(noiseBetween([block(0.01)], ['a'])).toEqual([]);
  expect(noiseBetween([], ['a'])).toEqual([]);
});

// ln 1.05 = 0.04879 and z(0.95) = 1.645. Screen: (2 · 1.645)² · (0.05 / 0.04879)² + 1.645² / 2 = 12.72, · π / 3 = 13.3.
// Confirmation of 4 rows: z(1 - 0.01 / 4) = 2.807, (2.807 + 1.645)² · 3/4 · (0.05 / 0.04879)² + 2.807² / 2 = 19.55, · π / 3 = 20.5.
test('a deviation of 5 % asks for 14 blocks in the screen, and for 21 to confirm one of 4 rows', () => {
  expect(blocksFor(0.05, 4)).toEqual({ screen: 14, confirm: 21 });
});

test('more rows ask for more fresh blocks, and for no more in the screen', () => {
  const [few, many] = [blocksFor(0.05, 4), blocksFor(0.05, 64)];
  expect(many.screen).toBe(few.screen);
  expect(many.confirm).toBeGreaterThan(few.confirm);
});

test('without noise there are as many as can be significant at all: 2^-5 < 5 %, 2^-9 < 1 % / 4', () => {
  expect(blocksFor(0, 4)).toEqual({ screen: 5, confirm: 9 });
});

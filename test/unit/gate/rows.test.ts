/** From slices to a block's figures. */
import { expect, test } from 'vitest';
import type { Slice } from '../../../bench/gate/metrics.ts';
import { figuresOf } from '../../../bench/gate/rows.ts';
import { soundResult } from '../loadgen/sound-result.ts';

function slice(cpuNsPerMessage: number, p90: number): Slice {
  const sound = soundResult();
  return { result: { ...sound, latencyNs: { ...sound.latencyNs, p90 }, valid: true, warnings: [] }, cpuNsPerMessage };
}

const block = { rate: 1000, warmUpRounds: 3, disturbance: undefined };
const calm = [slice(10_000, 700e3), slice(10_000, 700e3), slice(10_000, 700e3), slice(10_000, 700e3)];

test('a pause in one of four slices moves the cost of a message, and no percentile', () => {
  const paused = [...calm.slice(1), slice(160_000, 30e6)];
  const { base, head } = figuresOf({ ...block, slices: [calm, paused].map((slices) => ({ closed: slices, open: slices })) }, [
    'base',
    'head',
  ]);
  expect(base!.cpu).toBeCloseTo(10_000, 6);
  expect(head!.cpu).toBeCloseTo(20_000, 6); // the fourth root of 16 times as much
  expect(head!.p90).toBeCloseTo(base!.p90!, 6);
});

test('a loop that was not measured has no figures', () => {
  const { base } = figuresOf({ ...block, slices: [{ closed: calm }] }, ['base']);
  expect(Object.keys(base!)).toEqual(['cpu', 'throughput']);
});

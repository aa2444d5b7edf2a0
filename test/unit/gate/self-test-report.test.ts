/** What the self-test prints. */
import { expect, test } from 'vitest';
import type { Noise } from '../../../bench/gate/noise.ts';
import type { Point } from '../../../bench/gate/operating-curve.ts';
import { defaultPlan } from '../../../bench/gate/plan.ts';
import { selfTestReport } from '../../../bench/report/self-test.ts';
import { contestant, player } from './played-blocks.ts';

const block = await player({})(contestant('a'), 'screen', ['closed', 'open']);
const found = { seed: 1, models: ['a'], plan: defaultPlan, gates: [] };
const noise: Noise[] = [
  { model: 'a', metric: 'cpu', deviation: 0.0123, measured: 21, needed: { screen: 5, confirm: 9 } },
  { model: 'a', metric: 'p90', deviation: 0.05, measured: 20, needed: { screen: 14, confirm: 21 } },
];
const point: Point = {
  effect: 0.05,
  measuredEffect: 0.0512,
  verdicts: { regressed: 2, invalid: 1 },
  alarms: 2,
  gates: 2,
  atLeast: 0.224,
  atMost: 1,
  meanDurationMs: 71_000,
  resampled: { alarms: 980, gates: 1000, atLeast: 0.971, atMost: 0.986 },
};
const quiet: Point = { ...point, effect: 0, alarms: 0, verdicts: { clean: 2 }, atLeast: 0, atMost: 0.776, resampled: null };

test('the noise of each row, with the counts that it asks for, and the largest of them as the option that sets them', () => {
  const text = selfTestReport({ ...found, equal: [block] }, [], noise);
  expect(text).toMatch(/a +│ CPU per message +│ 1\.2 % +│ 21 +│ 5 +│ 9/);
  expect(text).toMatch(/a +│ p90 at a fixed rate +│ 5\.0 % +│ 20 +│ 14 +│ 21/);
  expect(text).toContain('--blocks 14,21');
  expect(text).toContain('No whole gate was within the budget.');
});

test('alarms bounded from above, detection from below, synthetic gates labelled', () => {
  const text = selfTestReport({ ...found, equal: [block] }, [quiet, point], noise);
  expect(text).toMatch(/injected .* measured .* gates .* alarms .* rate .* resampled .* s a gate .* verdicts/);
  expect(text).toMatch(/0\.0 % .* 2 +│ 0 +│ at most 77\.6 % +│ – +│ 71 +│ 2 clean/);
  expect(text).toMatch(
    /5\.0 % +│ 5\.1 % +│ 2 +│ 2 +│ at least 22\.4 % +│ 980 of 1000, at least 97\.1 % +│ 71 +│ 2 regressed, 1 invalid/,
  );
  expect(text).toContain('synthetic gates, drawn with replacement');
});

test('a machine too busy for any block is told so', () => {
  const text = selfTestReport({ ...found, equal: [{ ...block, dropped: 'other programs took 1.50 CPUs' }] }, [], []);
  expect(text).toContain('Of the noise nothing is known');
  expect(text).toContain('1 of 1 blocks dropped');
});

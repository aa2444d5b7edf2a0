/** When a block is dropped: by rules that are fixed before it is measured. */
import { expect, test } from 'vitest';
import { reasonToDrop } from '../../../bench/gate/disturbance.ts';
import { defaultPlan } from '../../../bench/gate/plan.ts';

const quiet = { stolenCpus: 0, foreignCpus: 0.05, suspendedMs: 0 };

test('a block of a quiet machine counts, and one of a system that does not say', () => {
  expect(reasonToDrop(quiet, defaultPlan.tolerated)).toBeUndefined();
  expect(reasonToDrop(undefined, defaultPlan.tolerated)).toBeUndefined();
});

test.each([
  [{ stolenCpus: 0.11 }, 'the host took 0.11 CPUs'],
  [{ foreignCpus: 0.16 }, 'other programs took 0.16 CPUs'],
  [{ suspendedMs: 2000 }, 'the machine was suspended for 2000 ms'],
])('%o is a reason to drop it', (disturbance, reason) => {
  expect(reasonToDrop({ ...quiet, ...disturbance }, defaultPlan.tolerated)).toBe(reason);
});

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DueHeap } from '../../../loadgen/due-heap.ts';
import { Schedule, type ScheduleSpec } from '../../../loadgen/schedule.ts';
import { seed } from '../framing/seed.ts';
import { exponential, ksDistance, ksLimit } from './kolmogorov-smirnov.ts';

const constant: ScheduleSpec = { rate: 1000, arrivals: 'constant', seed: 1, senders: 5 };
const poisson: ScheduleSpec = { ...constant, arrivals: 'poisson' };
const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

/** The first `count` planned times of each of these senders. */
function times(spec: ScheduleSpec, count: number, senders = range(spec.senders)): number[][] {
  const schedule = new Schedule(spec, senders);
  return senders.map((_, index) =>
    range(count).map(() => {
      const dueNs = schedule.dueNs(index);
      schedule.advance(index);
      return dueNs;
    }),
  );
}

/** The gaps of all senders' messages together. */
function gaps(spec: ScheduleSpec, count: number): number[] {
  const all = times(spec, count);
  const untilNs = Math.min(...all.map((own) => own.at(-1)!));
  const merged = all
    .flat()
    .filter((dueNs) => dueNs <= untilNs)
    .toSorted((a, b) => a - b);
  return merged.slice(1).map((dueNs, index) => dueNs - merged[index]!);
}

describe('a constant schedule', () => {
  test('lets the senders take turns, at even distances from the start on', () => {
    expect(times(constant, 2)).toEqual([
      [0, 5e6],
      [1e6, 6e6],
      [2e6, 7e6],
      [3e6, 8e6],
      [4e6, 9e6],
    ]);
  });

  test('is no less exact after a million messages', () => {
    const schedule = new Schedule({ ...constant, rate: 3, senders: 1 }, [0]);
    for (let message = 0; message < 1e6; message += 1) schedule.advance(0);
    expect(schedule.dueNs(0)).toBeCloseTo((1e6 / 3) * 1e9, 0);
  });
});

describe('a Poisson schedule', () => {
  test('has exponential gaps, of each sender and of all together', () => {
    const [own] = times(poisson, 20_000, [3]);
    const ownGaps = own!.map((dueNs, index) => dueNs - (own![index - 1] ?? 0));
    expect(ksDistance(ownGaps, exponential(5e6))).toBeLessThan(ksLimit(ownGaps.length));
    const together = gaps(poisson, 5000);
    expect(together.length).toBeGreaterThan(20_000);
    expect(ksDistance(together, exponential(1e6))).toBeLessThan(ksLimit(together.length));
  });

  test('is no other law that has the same mean', () => {
    const together = gaps(poisson, 5000);
    expect(ksDistance(together, (gapNs) => Math.min(1, gapNs / 2e6))).toBeGreaterThan(ksLimit(together.length));
    expect(ksDistance(gaps(constant, 5000), exponential(1e6))).toBeGreaterThan(0.5);
  });

  test('has the same times with the same seed, and others with another', () => {
    expect(times(poisson, 100)).toEqual(times(poisson, 100));
    expect(times({ ...poisson, seed: 2 }, 100)).not.toEqual(times(poisson, 100));
  });

  test('has other times for each sender', () => {
    expect(new Set(times({ ...poisson, senders: 200 }, 1).flat()).size).toBe(200);
  });
});

test('a sender has the same times, whichever thread it is in', () => {
  for (const spec of [constant, poisson]) {
    const [first, second] = [times(spec, 50, [0, 1]), times(spec, 50, [2, 3, 4])];
    expect([...first, ...second]).toEqual(times(spec, 50));
  }
});

test('the heap of due slots gives them back in the order in which they are due', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1e12, noNaN: true }), { minLength: 1, maxLength: 40 }), fc.gen(), (dues, gen) => {
      const heap = new DueHeap(dues.length);
      const model = new Map<number, number>();
      dues.forEach((dueNs, slot) => {
        heap.push(slot, dueNs);
        model.set(slot, dueNs);
      });
      while (model.size > 0) {
        const earliest = Math.min(...model.values());
        expect(heap.firstDueNs).toBe(earliest);
        expect(model.get(heap.firstSlot)).toBe(earliest);
        if (gen(fc.boolean)) {
          model.delete(heap.firstSlot);
          heap.pop();
        } else {
          const later = earliest + gen(fc.double, { min: 1, max: 1e12, noNaN: true });
          model.set(heap.firstSlot, later);
          heap.postponeFirst(later);
        }
      }
      expect(heap.firstDueNs).toBe(Infinity);
    }),
    { seed, numRuns: 100 },
  );
});

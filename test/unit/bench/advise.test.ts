import { describe, expect, test } from 'vitest';
import { advise, type Wish } from '../../../bench/advise.ts';
import type { CellResult } from '../../../bench/result.ts';
import { soundServer } from '../loadgen/sound-result.ts';
import { cellOf, measured, runOf } from './sample-run.ts';

interface Figures {
  perSecond: number;
  cpuNs?: number;
  served?: number;
}

function row(
  model: string,
  workload: string,
  connections: number,
  { perSecond, cpuNs = 1000, served = connections }: Figures,
): CellResult {
  const server = soundServer({ cpuNsPerMessage: cpuNs });
  const trial = measured({ messagesPerSecond: perSecond, connections: { opened: connections, served }, server });
  return cellOf(model, [trial], { workload, knobs: { connections } });
}

const wish: Wish = { connections: 64, activeShare: 1, workNs: 0, fanOut: 1 };

/** A message takes the loop 10 µs to echo, 110 µs with the work of the hash rows, 2 µs a listener; the pool 20, 70 and 4. */
const run = runOf([
  row('loop', 'echo', 64, { perSecond: 100_000, cpuNs: 10_000 }),
  row('loop', 'hash', 16, { perSecond: 1e6 / 110, cpuNs: 110_000 }),
  row('loop', 'chat', 16, { perSecond: 500_000 }),
  row('pool', 'echo', 64, { perSecond: 50_000, cpuNs: 20_000 }),
  row('pool', 'hash', 16, { perSecond: 1e6 / 70, cpuNs: 130_000 }),
  row('pool', 'chat', 16, { perSecond: 250_000 }),
  row('one-by-one', 'echo', 64, { perSecond: 200_000, served: 1 }),
]);

const rates = (changes: Partial<Wish>): Record<string, number> =>
  Object.fromEntries(
    advise(run, { ...wish, ...changes }).suitable.map(({ model, messagesPerSecond }) => [model, Math.round(messagesPerSecond)]),
  );

describe('advice', () => {
  test('puts the model with the best estimate first', () => {
    expect(advise(run, wish).suitable.map(({ model }) => model)).toEqual(['loop', 'pool']);
    expect(advise(run, { ...wish, workNs: 200_000 }).suitable.map(({ model }) => model)).toEqual(['pool', 'loop']);
  });

  test('estimates a plain message by the echo rows', () => {
    expect(rates({})).toEqual({ loop: 100_000, pool: 50_000 });
  });

  test('adds the work in relation to that of the hash rows, whose CPU time is 100 µs', () => {
    expect(rates({ workNs: 50_000 })).toEqual({ loop: Math.round(1e6 / (10 + 50)), pool: Math.round(1e6 / (20 + 25)) });
  });

  test('adds a delivery for each further listener', () => {
    expect(rates({ fanOut: 21 })).toEqual({ loop: Math.round(1e6 / (10 + 40)), pool: Math.round(1e6 / (20 + 80)) });
  });

  test('says what an estimate is made of', () => {
    expect(advise(run, { ...wish, workNs: 50_000, fanOut: 21 }).suitable[0]!.reason).toBe(
      '10.0 µs (echo ×64) + 50.0 µs (0.50 × hash ×16) + 40.0 µs (20 × delivery in chat ×16)',
    );
  });

  test('advises against a model that left clients unserved, unless there is only one', () => {
    expect(advise(run, wish).unsuitable).toEqual([{ model: 'one-by-one', reason: 'served 1 of 64 connections in echo ×64' }]);
    expect(rates({ connections: 1 })['one-by-one']).toBe(200_000);
  });

  test('advises nothing about a model whose cost for the wish was not measured', () => {
    const { suitable, unsuitable } = advise(runOf([row('loop', 'echo', 64, { perSecond: 100 })]), { ...wish, workNs: 1000 });
    expect(suitable).toEqual([]);
    expect(unsuitable).toEqual([{ model: 'loop', reason: 'has no hash row, so what work costs it is not known' }]);
  });

  test('names what was not measured near the wish', () => {
    expect(advise(run, wish).notMeasured).toEqual([]);
    expect(advise(run, { connections: 100_000, activeShare: 0.02, workNs: 1e6, fanOut: 1 }).notMeasured).toEqual([
      'echo with about 2000 busy connections; the nearest row has 64',
      '100000 open connections; the most in any row are 64',
      'work of 1000 µs a message; the hash rows have 100 µs',
      'what idle connections cost',
    ]);
  });
});

import { describe, expect, test } from 'vitest';
import { costCrossings } from '../../../bench/crossings.ts';
import { reportOf } from '../../../bench/report/rows.ts';
import { crossing } from '../../../bench/statistics/crossing.ts';
import type { CellResult } from '../../../bench/result.ts';
import { soundServer } from '../loadgen/sound-result.ts';
import { cellOf, measured, runOf } from './sample-run.ts';

const samples = (...ratios: number[]) => ratios.map((ratio, index) => ({ x: 10 ** (index + 1), own: ratio, other: 1 }));

describe('the crossing of two curves', () => {
  test('lies where the logarithm of their ratio is 0 on a straight line over log x', () => {
    // From 1/4 to 2 is two thirds of the way down below 1: log 4 of log 8.
    const found = crossing(samples(1 / 8, 1 / 4, 2));
    expect(found).toMatchObject({ state: 'crosses', before: 1 });
    expect(found).toMatchObject({ at: expect.closeTo(2 / 3, 9), x: expect.closeTo(10 ** (2 + 2 / 3), 6) });
  });

  test('is the last one, from which on the curve stays above', () => {
    expect(crossing(samples(2, 1 / 2, 2))).toMatchObject({ state: 'crosses', before: 1, x: expect.closeTo(10 ** 2.5, 6) });
  });

  test('is nowhere where the curve is always above, or not above at the end', () => {
    expect(crossing(samples(1.1, 2, 1.5))).toEqual({ state: 'always' });
    expect(crossing(samples(1.1, 2, 0.9))).toEqual({ state: 'never' });
    expect(crossing(samples(0.5, 1))).toEqual({ state: 'never' });
  });
});

type Capabilities = CellResult['capabilities'];
const single: Capabilities = { connections: 'many', parallel: false };
const several: Capabilities = { connections: 'many', parallel: true };

/** A model's row at an amount of work: its rate, and the CPU time that a message costs. */
const row = (model: string, capabilities: Capabilities, work: number, messagesPerSecond: number, cpuNsPerMessage: number) =>
  cellOf(model, [measured({ messagesPerSecond, server: soundServer({ cpuNsPerMessage }) })], {
    ...(capabilities && { capabilities }),
    workload: 'hash',
    knobs: { connections: 16, work },
  });

/** A loop of which a message costs 10 µs and 1 µs for each 10 of work, and a pool that is at half of its rate, then at twice. */
const sweep = [
  row('loop', single, 100, 50_000, 20_000),
  row('loop', single, 1000, 9000, 110_000),
  row('pool', several, 100, 25_000, 70_000),
  row('pool', several, 1000, 18_000, 160_000),
];

describe('the cost of a message from which on several CPUs pay', () => {
  test('is read off the row of the loop, between the two amounts of work', () => {
    const [found, ...others] = costCrossings(sweep);
    expect(others).toEqual([]);
    expect(found).toEqual({
      workload: 'hash ×16',
      loop: 'loop',
      model: 'pool',
      state: 'crosses',
      work: expect.closeTo(Math.sqrt(100 * 1000), 6),
      cpuNsPerMessage: expect.closeTo(Math.sqrt(20_000 * 110_000), 6),
      works: [100, 1000],
    });
  });

  test('is said in words where the sweep ends, and nowhere else', () => {
    const [first, last] = reportOf(runOf(sweep)).sections;
    expect(first!.summary).not.toContain('beats');
    expect(last!.summary).toContain('pool beats loop from 46.9 µs of CPU time a message on (work 316).');
  });

  test('is asked of the fastest single loop, and of nobody who leaves clients unserved', () => {
    const slower = [row('old loop', single, 100, 100, 5), row('old loop', single, 1000, 99, 5)];
    const one = [row('one', { connections: 'one', parallel: false }, 100, 90_000, 5), row('x', undefined, 100, 90_000, 5)];
    const unserved = cellOf('few', [measured({ messagesPerSecond: 1e6, connections: { opened: 16, served: 2 } })], {
      capabilities: several,
      workload: 'hash',
      knobs: { connections: 16, work: 100 },
    });
    expect(costCrossings([...slower, ...one, unserved, ...sweep])).toEqual(costCrossings(sweep));
  });

  test('is not told of a single amount of work, or where there is no loop', () => {
    expect(costCrossings(sweep.filter(({ knobs }) => knobs.work === 100))).toEqual([]);
    expect(costCrossings(sweep.filter(({ model }) => model === 'pool'))).toEqual([]);
  });

  test('is none where the pool always wins, or never does', () => {
    const wins = [row('pool', several, 100, 60_000, 1), row('pool', several, 1000, 10_000, 1)];
    const loses = [row('pool', several, 100, 60_000, 1), row('pool', several, 1000, 8000, 1)];
    const loop = sweep.slice(0, 2);
    expect(costCrossings([...loop, ...wins])).toMatchObject([{ state: 'always', work: 100, cpuNsPerMessage: 20_000 }]);
    expect(costCrossings([...loop, ...loses])).toMatchObject([{ state: 'never', work: 1000, cpuNsPerMessage: 110_000 }]);
    expect(reportOf(runOf([...loop, ...loses])).sections.at(-1)!.summary).toContain(
      'pool beats loop at no cost measured, up to 110 µs of CPU time a message.',
    );
  });
});

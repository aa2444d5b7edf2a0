import { describe, expect, test } from 'vitest';
import { compareRuns } from '../../../bench/compare-runs.ts';
import { comparisonReport } from '../../../bench/report/comparison.ts';
import type { CellResult, RunResult } from '../../../bench/result.ts';
import { soundServer } from '../loadgen/sound-result.ts';
import { cellOf, failed, measured, runOf } from './sample-run.ts';

/** Trials with these rates; what a message costs and how long it takes stays the same. */
const trials = (rates: readonly number[], cpuNsPerMessage = 9000) =>
  rates.map((messagesPerSecond) => measured({ messagesPerSecond, server: soundServer({ cpuNsPerMessage }) }));

const row = (model: string, rates: readonly number[], cpuNs?: number): CellResult => cellOf(model, trials(rates, cpuNs));
const around = (rate: number): number[] => [0.98, 0.99, 1, 1.01, 1.02].map((share) => share * rate);
const elsewhere = (run: RunResult, changes: Partial<RunResult['environment']>): RunResult => ({
  ...run,
  environment: { ...run.environment, ...changes },
});

const before = runOf([row('steady', around(1000)), row('changed', around(1000))]);
const after = runOf([row('steady', around(1001)), row('changed', around(1200), 12_000)]);

describe('a comparison of two runs', () => {
  test('calls B better or worse where all of its trials lie apart, whichever way is better for the figure', () => {
    const { rows } = compareRuns(before, after);
    const verdicts = Object.fromEntries(rows.map(({ model, figure, verdict }) => [`${model} ${figure}`, verdict]));
    expect(verdicts).toMatchObject({
      'steady throughput': 'unsure',
      'steady cpu': 'unsure',
      'changed throughput': 'better',
      'changed cpu': 'worse',
    });
    expect(rows.find(({ model, figure }) => model === 'changed' && figure === 'throughput')).toMatchObject({
      a: { median: 1000, trials: 5 },
      b: { median: 1200, trials: 5 },
      ratio: 1.2,
    });
  });

  test('adjusts for the number of rows: one suspicious figure among many is not enough', () => {
    const models = Array.from({ length: 20 }, (_, index) => `model-${index}`);
    const same = models.map((model) => row(model, around(1000)));
    // p of 5 and 5 that overlap in two values: 4 of 252 ways, below 5 %.
    const suspicious = row('suspicious', [900, 910, 920, 930, 985]);
    const alone = compareRuns(runOf([row('suspicious', around(1000))]), runOf([suspicious]));
    const among = compareRuns(runOf([row('suspicious', around(1000)), ...same]), runOf([suspicious, ...same]));
    const verdictIn = (rows: typeof alone.rows): string | undefined =>
      rows.find(({ model, figure }) => model === 'suspicious' && figure === 'throughput')?.verdict;
    expect(alone.rows.find(({ figure }) => figure === 'throughput')!.p).toBeCloseTo(4 / 252, 9);
    expect(verdictIn(alone.rows)).toBe('worse');
    expect(verdictIn(among.rows)).toBe('unsure');
  });

  test('says where there are too few trials for any difference to be sure', () => {
    const { rows } = compareRuns(runOf([row('hasty', [1, 2, 3])]), runOf([row('hasty', [1000, 2000, 3000])]));
    expect(rows.find(({ figure }) => figure === 'throughput')).toMatchObject({ verdict: 'too few trials', p: 0.1 });
  });

  test('leaves out what only one run has, and what failed in one, with the reason', () => {
    const a = runOf([row('both', around(10)), row('gone', around(10)), row('broken', around(10))]);
    const b = runOf([row('both', around(10)), cellOf('broken', [failed('no reply')]), row('new', around(10))]);
    const { rows, left } = compareRuns(a, b);
    expect(new Set(rows.map(({ model }) => model))).toEqual(new Set(['both']));
    expect(left).toEqual([
      { title: 'broken · echo ×1', reason: 'failed in B: no reply' },
      { title: 'gone · echo ×1', reason: 'only in A' },
      { title: 'new · echo ×1', reason: 'only in B' },
    ]);
  });

  test('leaves a latency out that is only a lower bound', () => {
    const late = cellOf('late', [measured({}, { p99: 1e9, lowerBounds: ['p99'] })]);
    const figures = compareRuns(runOf([late]), runOf([late])).rows.map(({ figure }) => figure);
    expect(figures).not.toContain('p99');
  });
});

describe('runs that were not measured alike', () => {
  test.for([
    ['cpu', elsewhere(after, { cpu: 'Slide Rule' })],
    ['cores', elsewhere(after, { cores: 64 })],
    ['framing', { ...after, framing: 'line' }],
    ['placement', runOf([{ ...row('steady', around(1000)), placement: {} }])],
  ] as const)('are refused when the %s differs, unless they are compared anyway', ([field, other]) => {
    expect(() => compareRuns(before, other)).toThrow(`expected both runs to have the same ${field}`);
    expect(compareRuns(before, other, { anyway: true }).differences[0]).toMatchObject({ field, decisive: true });
  });

  test('are compared with a word when Node, the kernel or a dependency differs', () => {
    const { differences } = compareRuns(before, elsewhere(after, { node: 'v24.1.0' }));
    expect(differences).toEqual([{ field: 'node', a: 'v20.20.0', b: 'v24.1.0', decisive: false }]);
  });
});

test('the report is a table a workload, with what is not alike above and what is not compared below', () => {
  const other = elsewhere(runOf([...after.cells, cellOf('new', [measured()])]), { node: 'v24.1.0' });
  const report = comparisonReport(compareRuns(before, other));
  expect(report.replaceAll(/ +$/gm, '')).toMatchInlineSnapshot(`
    "A: 2026-01-31T12:00:00.000Z, 5 rounds, Node v20.20.0, commit 0123456789
    B: 2026-01-31T12:00:00.000Z, 5 rounds, Node v24.1.0, commit 0123456789

    Not measured alike:
      node: v20.20.0 and v24.1.0

    echo ×1
    model, figure             A       B B / A trials      p adjusted   B is
    ────────────────────────────────────────────────────────────────────────
    steady, messages/s    1,000   1,001 1.001      5 0.6905   1.0000      ~
    steady, CPU         9.00 µs 9.00 µs 1.000      5 1.0000   1.0000      ~
    steady, p99          900 µs  900 µs 1.000      5 1.0000   1.0000      ~
    changed, messages/s   1,000   1,200 1.200      5 0.0079   0.0238 better
    changed, CPU        9.00 µs 12.0 µs 1.333      5 0.0079   0.0238  worse
    changed, p99         900 µs  900 µs 1.000      5 1.0000   1.0000      ~

    Not compared:
      new · echo ×1: only in B

    A, B: medians. CPU: time per message of the server's whole process tree.
    p: Mann and Whitney's test, two-sided; exact up to 60 trials.
    adjusted: for the number of rows; of those called better or worse, at most 5 % are so by chance.
    "~": no difference is sure. too few trials: none could be, however large; take 4 of each or more.

    Of 6 figures, B is better in 1 and worse in 1."
  `);
  expect(Math.max(...report.split('\n').map((line) => line.trimEnd().length))).toBeLessThanOrEqual(100);
});

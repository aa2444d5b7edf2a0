import { describe, expect, test } from 'vitest';
import { memoryPerConnection } from '../../../bench/connection-memory.ts';
import { markdownReport } from '../../../bench/report/markdown.ts';
import { reportOf } from '../../../bench/report/rows.ts';
import { terminalReport } from '../../../bench/report/terminal.ts';
import type { CellResult, Outcome } from '../../../bench/result.ts';
import { soundServer } from '../loadgen/sound-result.ts';
import { cellOf, failed, measured, runOf } from './sample-run.ts';

const trial = (peakMemoryBytes: number, served = 8): Outcome =>
  measured({ connections: { opened: 8, served }, server: soundServer({ peakMemoryBytes }) });

const row = (model: string, connections: number, trials: Outcome[], changes: Partial<CellResult> = {}): CellResult =>
  cellOf(model, trials, { workload: 'idle', knobs: { connections, active: 8 }, ...changes });

/** Rows of a server that costs so many KiB a connection in each round. */
const server = (model: string, kibOfRounds: number[], changes: Partial<CellResult> = {}): CellResult[] =>
  [100, 400, 1000].map((connections) => {
    const trials = kibOfRounds.map((kib) => trial(5e7 + connections * kib * 1024));
    return row(model, connections, trials, changes);
  });

describe('memory per connection', () => {
  test('is the median over the rounds of the slope of each, the least first', () => {
    expect(memoryPerConnection([...server('big', [30, 90, 60]), ...server('small', [2, 2, 2])])).toEqual([
      { state: 'measured', model: 'small', bytes: 2048, interval: { low: 2048, high: 2048, confidence: 0.75 }, rounds: 3 },
      { state: 'measured', model: 'big', bytes: 61_440, interval: { low: 30_720, high: 92_160, confidence: 0.75 }, rounds: 3 },
    ]);
  });

  test('needs whole rounds: what an interrupted run measured beyond them is left out', () => {
    const rows = server('some', [1, 3]);
    rows[1]!.trials.push(trial(9e9));
    expect(memoryPerConnection(rows)).toMatchObject([{ rounds: 2, bytes: 2048 }]);
  });

  test('is not told of a server that left connections unserved, nor of one whose rows have failed; with the reason', () => {
    const [few, some] = server('prefork', [1]);
    expect(memoryPerConnection([few!, some!, row('prefork', 1000, [trial(6e7, 2)])])).toEqual([
      { state: 'absent', model: 'prefork', reason: 'served 2 of 1000 connections' },
    ]);
    expect(memoryPerConnection([few!, some!, row('prefork', 1000, [failed('it died')])])).toEqual([
      { state: 'absent', model: 'prefork', reason: 'failed at 1000 connections' },
    ]);
  });

  test('is not told of a bounded server that answered only those who asked, while others may have waited', () => {
    expect(memoryPerConnection(server('bounded', [0], { capabilities: { connections: 'bounded', parallel: true } }))).toEqual([
      { state: 'absent', model: 'bounded', reason: 'served 8 of 1000 connections' },
    ]);
  });

  test('is not told from numbers of connections that lie close together', () => {
    expect(memoryPerConnection(server('some', [1]).slice(0, 2))).toEqual([]);
  });
});

describe('a report of rows that differ only in connections', () => {
  const few = server('big', [30, 90, 60]);
  const run = runOf(
    [0, 1, 2].flatMap((at) => [
      few[at]!,
      server('small', [2, 2, 2])[at]!,
      server('cut', [1], { capabilities: { connections: 'bounded', parallel: true } })[at]!,
    ]),
  );

  test('has a table of memory per connection under the last of them, and a line in plain words', () => {
    const { sections } = reportOf(run);
    expect(sections.map(({ tables }) => tables.length)).toEqual([0, 0, 1]);
    expect(sections[2]!.summary).toContain('Memory per connection: least small (2.0 KiB), most big (60.0 KiB).');
    expect(sections[1]!.summary).not.toContain('Memory');
  });

  test('draws it in a terminal', () => {
    const text = terminalReport(run).replaceAll(/ +$/gm, '');
    expect(text.slice(text.indexOf('Memory per connection:\n'), text.indexOf('\n\nMedians'))).toMatchInlineSnapshot(`
      "Memory per connection:
      model  KiB     interval                 no slope, as
      ─────────────────────────────────────────────────────
      small  2.0   2.0 to 2.0
      big   60.0 30.0 to 90.0
      cut      –            – served 8 of 1000 connections
      KiB: slope of peak memory over the number of connections, by least squares; median over the rounds."
    `);
  });

  test('draws it in Markdown', () => {
    expect(markdownReport(run)).toContain(
      '| model | KiB | interval | no slope, as |\n| --- | ---: | ---: | ---: |\n| small | 2.0 |',
    );
  });
});

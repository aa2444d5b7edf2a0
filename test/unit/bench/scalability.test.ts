import { describe, expect, test } from 'vitest';
import { markdownReport } from '../../../bench/report/markdown.ts';
import type { CellResult, Outcome } from '../../../bench/result.ts';
import { scalabilityOf } from '../../../bench/scalability.ts';
import { cellOf, failed, measured, runOf } from './sample-run.ts';

const atRate = (messagesPerSecond: number, served = 1): Outcome[] => [
  measured({ messagesPerSecond, connections: { opened: served, served } }),
];
const cell = (model: string, connections: number, trials: Outcome[]): CellResult =>
  cellOf(model, trials, { knobs: { connections } });

/** 1,000 / s alone, a tenth of it serial. */
const amdahl = (n: number): number => (1000 * n) / (1 + 0.1 * (n - 1));
const loads = [1, 8, 64, 512];
const sweep = loads.map((n) => cell('serial', n, atRate(amdahl(n))));

describe('the scalability of a server', () => {
  test('is the law that its medians follow, and what it says of twice the most', () => {
    const [found] = scalabilityOf(sweep, 'connections');
    expect(found).toMatchObject({ state: 'fitted', model: 'serial', most: 512, peak: Infinity, predicted: { n: 1024 } });
    if (found?.state !== 'fitted') throw new Error('expected a law');
    expect(found.law.contention).toBeCloseTo(0.1, 9);
    expect(found.predicted.messagesPerSecond).toBeCloseTo(amdahl(1024), 6);
  });

  test('is not told where a row failed, where clients were left unserved, or where too little was measured', () => {
    const some = [
      ...sweep,
      ...loads.map((n) => cell('broken', n, n === 64 ? [failed('no reply')] : atRate(1000))),
      ...loads.map((n) => cell('one', n, [measured({ connections: { opened: n, served: 1 } })])),
      ...loads.slice(1).map((n) => cell('new', n, atRate(1000))),
    ];
    expect(scalabilityOf(some, 'connections').slice(1)).toEqual([
      { state: 'absent', model: 'broken', reason: 'failed at 64' },
      { state: 'absent', model: 'one', reason: 'served 1 of 8 connections' },
      { state: 'absent', model: 'new', reason: 'measured at fewer than 4 values' },
    ]);
    expect(scalabilityOf(sweep.slice(1), 'connections')).toEqual([]);
  });

  test('stands below the last row of its sweep, its prediction marked as one', () => {
    const text = markdownReport(runOf([...sweep, ...loads.map((n) => cell('flat', n, atRate(5000)))]));
    const below = text.slice(text.indexOf('## echo ×512'));
    expect(below).toContain('Throughput against connections, as the Universal Scalability Law has it:');
    expect(below).toContain('| model | one/s | contention | coherency | error | peak | predicted at 1,024 | no law, as |');
    expect(below).toContain(
      String.raw`| serial | 1,000 | 10.0 % | 0 | 0.0 % | none | \~${Math.round(amdahl(1024)).toLocaleString('en')} |`,
    );
    expect(below).toContain(String.raw`| flat | 5,000 | 100.0 % | 0 | 0.0 % | none | \~5,000 |`);
    expect(below).toContain('by the law, not measured');
  });
});

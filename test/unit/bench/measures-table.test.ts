import { describe, expect, test } from 'vitest';
import { markdownReport } from '../../../bench/report/markdown.ts';
import { reportOf } from '../../../bench/report/rows.ts';
import { terminalReport } from '../../../bench/report/terminal.ts';
import type { Outcome } from '../../../bench/result.ts';
import type { Measure } from '../../../loadgen/measures.ts';
import { soundResult } from '../loadgen/sound-result.ts';
import { cellOf, measured, runOf } from './sample-run.ts';

const { latencyNs } = soundResult();

const trial = (p50: number, bytes: number): Outcome =>
  measured({
    measures: {
      slow: { kind: 'latency', meaning: 'latency of the slow ones', latencyNs: { ...latencyNs, p50, p99: null } },
      harmed: { kind: 'share', meaning: 'of the others took longer', value: 0.125 },
      payload: { kind: 'bytesPerSecond', meaning: 'payload, each way', value: bytes },
    },
  });

const run = runOf([
  cellOf('some', [trial(1e6, 2 ** 20), trial(9e6, 3 * 2 ** 20), trial(3e6, 2 ** 21)]),
  cellOf('without', [measured()]),
]);

describe('what only one workload measures', () => {
  test('is a table of medians under its rows in a terminal, with what they mean', () => {
    const text = terminalReport(run).replaceAll(/ +$/gm, '');
    expect(text.slice(text.indexOf('What only'), text.indexOf('\n\nMedians'))).toMatchInlineSnapshot(`
      "What only this workload measures:
      model   slow p50 slow p99 harmed payload
      ─────────────────────────────────────────
      some     3.00 ms        – 12.5 % 2 MiB/s
      without        –        –      –       –
      slow: latency of the slow ones.
      harmed: of the others took longer.
      payload: payload, each way."
    `);
  });

  test('is the same in Markdown', () => {
    expect(markdownReport(run)).toContain('| some | 3.00 ms | – | 12.5 % | 2 MiB/s |');
    expect(markdownReport(run)).toContain('payload: payload, each way.');
  });

  test('has no table where it measures nothing of its own', () => {
    expect(reportOf(runOf([cellOf('some', [measured()])])).sections[0]!.tables).toEqual([]);
  });

  test('goes on in a further table where it is too wide for a terminal', () => {
    const names = Array.from({ length: 12 }, (_, at) => `measure-number-${at}`);
    const measures = Object.fromEntries(
      names.map((name): [string, Measure] => [name, { kind: 'count', meaning: 'things', value: 1 }]),
    );
    const lines = terminalReport(runOf([cellOf('some', [measured({ measures })])])).split('\n');
    const heads = lines.filter((line) => line.includes('measure-number-') && line.startsWith('model'));
    expect(heads.join(' ').match(/measure-number-\d+/g)).toEqual(names);
    for (const head of heads) expect(head.trimEnd().length).toBeLessThanOrEqual(100);
  });
});

/** What is said of models that have lost a process. */
import { expect, test } from 'vitest';
import { markdownReport } from '../../../bench/report/markdown.ts';
import { parseRunResult, type Loss } from '../../../bench/result.ts';
import { terminalReport } from '../../../bench/report/terminal.ts';
import { cellOf, measured, runOf } from './sample-run.ts';

const losses: Loss[] = [
  { model: 'several', state: 'measured', connections: 8, servedOn: 5, lost: 3, servedAgain: 2, processes: { before: 3, after: 2 } },
  { model: 'absent', state: 'skipped', reason: 'needs Linux' },
  { model: 'broken', state: 'failed', reason: 'it <b>died</b>' },
];
const run = runOf([cellOf('several', [measured()])], { losses });

test('a run keeps it', () => {
  expect(parseRunResult(JSON.parse(JSON.stringify(run)), 'run').losses).toEqual(losses);
});

test('stands under the last rows in Markdown, with a reason where there is none', () => {
  const text = markdownReport(run);
  expect(text).toContain('| several | 8 | 5 | 3 | 2 | 3 → 2 |  |');
  expect(text).toContain('| absent | – | – | – | – | – | skipped: needs Linux |');
  expect(text).toContain('failed: it \\<b\\>died\\</b\\>');
});

test('stands in a terminal, too', () => {
  expect(terminalReport(run, false)).toMatch(/When a process of the server is killed:[^]*several +8 +5 +3 +2 +3 → 2/);
});

test('is not said where nothing was measured', () => {
  expect(terminalReport(runOf([cellOf('several', [measured()])]), false)).not.toContain('is killed');
});

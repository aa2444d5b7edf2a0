import Table from 'cli-table3';
import type { RunResult } from '../result.ts';
import { columns, legend, reportOf, type Row } from './rows.ts';

/** Tables for a terminal: one a workload, then the notes. */
export function terminalReport(run: RunResult): string {
  const { sections, notes } = reportOf(run);
  const tables = sections.map(({ title, rows }) => `${title}\n${table(rows)}`);
  const footnotes = notes.map(({ number, code, text }) => `  ${number}  ${code}: ${text}`);
  return [...tables, legend(run), ...(footnotes.length === 0 ? [] : [['Warnings:', ...footnotes].join('\n')])].join('\n\n');
}

const nothing = [
  'top',
  'top-mid',
  'top-left',
  'top-right',
  'bottom',
  'bottom-mid',
  'bottom-left',
  'bottom-right',
  'left',
  'right',
  'middle',
];
/** A rule under the head and no other line. */
const ruleOnly = {
  ...Object.fromEntries(nothing.map((name) => [name, ''])),
  mid: '─',
  'mid-mid': '─',
  'left-mid': '',
  'right-mid': '',
};

function table(rows: readonly Row[]): string {
  const drawn = new Table({
    head: [...columns],
    colAligns: columns.map((column) => (column === 'model' || column === 'see' ? 'left' : 'right')),
    style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': 1 },
    chars: ruleOnly,
  });
  for (const row of rows) {
    if (row.state === 'measured') drawn.push(row.figures);
    else drawn.push([row.model, { content: broken(`${row.state}: ${row.reason}`), colSpan: columns.length - 1, hAlign: 'left' }]);
  }
  return drawn.toString();
}

/** In lines so short that a long reason doesn't pull the columns of the other rows apart. */
const broken = (text: string): string => text.replaceAll(/.{80}(?=.)/gu, '$&\n');

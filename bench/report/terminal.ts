import { styleText } from 'node:util';
import Table from 'cli-table3';
import type { RunResult } from '../result.ts';
import { circumstances } from './circumstances.ts';
import { columns } from './columns.ts';
import { printableData } from './printable.ts';
import { alignOf, fitting, type TextTable } from './text-table.ts';
import { heads, legend, reportOf, type Figure, type Row } from './rows.ts';

/**
 * Tables for a terminal: one a workload, then the notes.
 * @param colours whether best and worst figures are green and red
 */
export function terminalReport(received: RunResult, colours = false): string {
  const run = printableData(received);
  const { sections, notes } = reportOf(run);
  const tables = sections.map(({ title, rows, summary, tables: further }) =>
    [`${title}\n${table(rows, colours)}\n${summary}`.trimEnd(), ...further.map(textTable)].join('\n\n'),
  );
  const footnotes = notes.map(({ number, code, text }) => `  ${number}  ${code}: ${text}`);
  return [
    ...tables,
    legend(run),
    circumstances(run).join('\n'),
    ...(footnotes.length === 0 ? [] : [['Warnings:', ...footnotes].join('\n')]),
  ].join('\n\n');
}

/** Of a terminal, in characters. */
const WIDTH = 100;

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
  'mid-mid': '',
  'left-mid': '',
  'right-mid': '',
};

function emptyTable(head: readonly string[], colAligns: ('left' | 'right')[]): Table.Table {
  return new Table({
    head: [...head],
    colAligns,
    style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': 1 },
    chars: ruleOnly,
  });
}

export function textTable(further: TextTable): string {
  const parts = fitting(further, WIDTH).map((part) => {
    const drawn = emptyTable(part.heads, alignOf(part));
    drawn.push(...part.rows.map((cells) => [...cells]));
    return drawn.toString();
  });
  return [further.title, ...parts, ...further.notes].join('\n');
}

function table(rows: readonly Row[], colours: boolean): string {
  const drawn = emptyTable(heads, [...columns.map(({ align }) => align), 'left']);
  for (const row of rows) {
    if (row.state === 'measured') drawn.push(row.figures.map((figure) => (colours ? coloured(figure) : figure.text)));
    else drawn.push(['', row.model, { content: broken(`${row.state}: ${row.reason}`), colSpan: heads.length - 2, hAlign: 'left' }]);
  }
  return drawn.toString();
}

const coloured = ({ text, mark }: Figure): string =>
  mark === undefined ? text : styleText(mark === 'best' ? 'green' : 'red', text);

/** In lines so short that a long reason doesn't pull the columns of the other rows apart. */
const broken = (text: string): string => text.replaceAll(/.{70}(?=.)/gu, '$&\n');

import type { RunResult } from '../result.ts';
import { circumstances } from './circumstances.ts';
import { columns, costColumns } from './columns.ts';
import { alignOf, type TextTable } from './text-table.ts';
import { heads, legend, reportOf, type Figure, type Row, type Section } from './rows.ts';

/** The same as terminalReport in Markdown, with the environment. */
export function markdownReport(run: RunResult): string {
  const { sections, notes } = reportOf(run);
  return [
    '# sockbench results',
    `${run.startedAt}, seed ${run.seed}, framing ${escapeCell(run.framing)}${run.ended === 'interrupted' ? ', interrupted' : ''}.`,
    circumstances(run).map(escapeCell).join('\n'),
    ...sections.map(section),
    legend(run),
    ...notes.map(({ number, code, text }) => `${number}. **${code}**: ${text}`),
    '',
  ].join('\n\n');
}

function section({ title, rows, costs, summary, tables }: Section): string {
  return [
    `## ${escapeCell(title)}`,
    table(rows),
    escapeCell(summary),
    ...(costs.length === 0 ? [] : ['What a message costs:', costTable(costs)]),
    ...tables.map(textTable),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function table(rows: readonly Row[]): string {
  const lines = rows.map((row) =>
    row.state === 'measured' ? row.figures.map(emphasized) : ['', escapeCell(row.model), escapeCell(`${row.state}: ${row.reason}`)],
  );
  return toMarkdown(heads, [...columns.map(({ align }) => align), 'left'], lines);
}

function costTable(costs: readonly string[][]): string {
  return toMarkdown(
    costColumns.map(({ head }) => head),
    costColumns.map(({ align }) => align),
    costs.map((cells) => cells.map(escapeCell)),
  );
}

function textTable(further: TextTable): string {
  const drawn = toMarkdown(
    further.heads,
    alignOf(further),
    further.rows.map((cells) => cells.map(escapeCell)),
  );
  return [further.title, drawn, further.notes.map(escapeCell).join('\n')].join('\n\n');
}

export function toMarkdown(head: readonly string[], aligns: readonly ('left' | 'right')[], lines: readonly string[][]): string {
  const alignment = aligns.map((align) => (align === 'left' ? '---' : '---:'));
  return [head.map(escapeCell), alignment, ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

const emphasized = ({ text, mark }: Figure): string => (mark === 'best' ? `**${escapeCell(text)}**` : escapeCell(text));

/** On one line, and as it stands: a reason quotes the last words of a server, which may look like Markdown or HTML. */
export const escapeCell = (text: string): string => text.replaceAll(/\s*[\r\n]\s*/g, ' / ').replaceAll(/[\\`*_~[\]<>|&#]/g, '\\$&');

import type { RunResult } from '../result.ts';
import { circumstances } from './circumstances.ts';
import { columns } from './columns.ts';
import { heads, legend, reportOf, type Figure, type Row } from './rows.ts';

/** The same as terminalReport in Markdown, with the environment. */
export function markdownReport(run: RunResult): string {
  const { sections, notes } = reportOf(run);
  return [
    '# sockbench results',
    `${run.startedAt}, seed ${run.seed}, framing ${run.framing}${run.ended === 'interrupted' ? ', interrupted' : ''}.`,
    circumstances(run).join('\n'),
    ...sections.map(({ title, rows, summary }) => `## ${title}\n\n${table(rows)}\n\n${summary}`.trimEnd()),
    legend(run),
    ...notes.map(({ number, code, text }) => `${number}. **${code}**: ${text}`),
    '',
  ].join('\n\n');
}

function table(rows: readonly Row[]): string {
  const lines = rows.map((row) =>
    row.state === 'measured' ? row.figures.map(emphasized) : ['', escapeCell(row.model), escapeCell(`${row.state}: ${row.reason}`)],
  );
  const alignment = [...columns.map(({ align }) => (align === 'left' ? '---' : '---:')), '---'];
  return [heads.map(escapeCell), alignment, ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

const emphasized = ({ text, mark }: Figure): string => (mark === 'best' ? `**${escapeCell(text)}**` : escapeCell(text));

/** On one line, and as it stands: a reason quotes the last words of a server, which may look like Markdown or HTML. */
const escapeCell = (text: string): string => text.replaceAll(/[\\`*_~[\]<>|&#]/g, '\\$&').replaceAll(/\s*[\r\n]\s*/g, ' / ');

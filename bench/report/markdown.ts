import type { RunResult } from '../result.ts';
import { columns, legend, reportOf, type Row } from './rows.ts';

/** The same as terminalReport in Markdown, with the environment. */
export function markdownReport(run: RunResult): string {
  const { sections, notes } = reportOf(run);
  const { environment } = run;
  return [
    '# sockbench results',
    `${run.startedAt}, seed ${run.seed}, framing ${run.framing}${run.interrupted ? ', interrupted' : ''}.`,
    `${environment.cpu}, ${environment.cores} cores, ${environment.platform}, kernel ${environment.kernel}, Node ${environment.node}, ` +
      `sockbench ${environment.sockbench}${environment.commit === null ? '' : ` at ${environment.commit.slice(0, 10)}`}` +
      `${environment.cleanTree === false ? ' with uncommitted changes' : ''}.`,
    ...sections.map(({ title, rows }) => `## ${title}\n\n${table(rows)}`),
    legend(run),
    ...notes.map(({ number, code, text }) => `${number}. **${code}**: ${text}`),
    '',
  ].join('\n\n');
}

function table(rows: readonly Row[]): string {
  const lines = rows.map((row) => (row.state === 'measured' ? row.figures : [row.model, `${row.state}: ${row.reason}`]));
  const alignment = columns.map((column) => (column === 'model' || column === 'see' ? '---' : '---:'));
  return [[...columns], alignment, ...lines].map((cells) => `| ${cells.map(escapeCell).join(' | ')} |`).join('\n');
}

/** On one line, and as it stands: a reason quotes the last words of a server, which may look like Markdown or HTML. */
const escapeCell = (text: string): string => text.replaceAll(/[\\`*_~[\]<>|&]/g, '\\$&').replaceAll(/\s*[\r\n]\s*/g, ' / ');

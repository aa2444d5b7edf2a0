import { conditions, type WarningCode } from '../../loadgen/validity.ts';
import { workloadTitle } from '../plan.ts';
import type { CellResult, RunResult } from '../result.ts';
import { summarize, type Summary } from '../summary.ts';
import { formatCount, formatLatency, formatMiB, formatMicroseconds, formatRate } from './format.ts';

export const columns = [
  'model',
  'messages/s',
  'interval',
  'p50',
  'p90',
  'p99',
  'p99.9',
  'max',
  'CPU µs',
  'MiB',
  'served',
  'see',
] as const;

/** The rows of one workload, the fastest first, as text; a row that wasn't measured has a reason instead of figures. */
export interface Section {
  title: string;
  rows: Row[];
}

export type Row =
  | { state: 'measured'; model: string; figures: string[] }
  | { state: 'skipped' | 'failed'; model: string; reason: string };

/** The run as text: sections of rows, and the notes that the rows refer to by number. */
export interface Report {
  sections: Section[];
  notes: { number: number; code: WarningCode; text: string }[];
}

export function reportOf(run: RunResult): Report {
  const codes: WarningCode[] = [];
  const titles = [...new Set(run.cells.map(titleOf))];
  const sections = titles.map((title) => {
    const cells = run.cells.filter((cell) => titleOf(cell) === title);
    return { title, rows: ranked(cells).map((ranking) => toRow(ranking, codes)) };
  });
  return { sections, notes: codes.map((code, index) => ({ number: index + 1, code, text: note(code) })) };
}

const titleOf = (cell: CellResult): string => workloadTitle(cell.workload, cell.knobs);

interface Ranked {
  model: string;
  summary: Summary;
}

function ranked(cells: readonly CellResult[]): Ranked[] {
  const rate = ({ summary }: Ranked): number => (summary.state === 'measured' ? summary.messagesPerSecond : -1);
  return cells.map((cell) => ({ model: cell.model, summary: summarize(cell) })).toSorted((a, b) => rate(b) - rate(a));
}

function toRow({ model, summary }: Ranked, codes: WarningCode[]): Row {
  if (summary.state !== 'measured') return { state: summary.state, model, reason: summary.reason };
  const { interval, latencyNs, connections } = summary;
  for (const code of summary.warnings) if (!codes.includes(code)) codes.push(code);
  const figures = [
    model,
    formatCount(summary.messagesPerSecond),
    summary.trials === 1 ? '–' : `${formatRate(interval.low)}–${formatRate(interval.high)}`,
    ...(['p50', 'p90', 'p99', 'p999', 'max'] as const).map((name) => formatLatency(latencyNs[name])),
    formatMicroseconds(summary.cpuNsPerMessage),
    formatMiB(summary.peakMemoryBytes),
    `${formatRate(connections.served)}/${formatRate(connections.opened)}`,
    summary.warnings
      .map((code) => codes.indexOf(code) + 1)
      .toSorted((a, b) => a - b)
      .join(' '),
  ];
  return { state: 'measured', model, figures };
}

const note = (code: WarningCode): string => `${conditions[code].meaning}; ${conditions[code].remedy}`;

/** What the columns mean, given how many trials there were: in an interrupted run some rows have one less. */
export function legend({ cells, trialDurationMs }: RunResult): string {
  const counts = [...new Set(cells.map(({ trials }) => trials.length))].toSorted((a, b) => a - b);
  const fewest = counts.find((count) => count > 1);
  const interval =
    fewest === undefined
      ? 'one trial: no interval'
      : fewest < 6
        ? `interval: lowest to highest, ${((1 - 2 ** (1 - fewest)) * 100).toFixed(0)} % sure (95 % takes 6 trials)`
        : 'interval: of the median, at least 95 %';
  return [
    `Medians over ${counts.join(' or ')} trial${counts.at(-1) === 1 ? '' : 's'} of ${trialDurationMs} ms; ${interval}.`,
    'CPU µs: CPU time per message of the whole server process tree. MiB: its peak resident memory.',
    'served: connections that got a reply, of those that sent a request.',
    '"≥": only a lower bound, as some requests were never answered. "–": too few samples.',
  ].join('\n');
}

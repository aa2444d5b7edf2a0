import { conditions, type WarningCode } from '../../loadgen/validity.ts';
import { memoryPerConnection } from '../connection-memory.ts';
import { titleOf } from '../plan.ts';
import { costCrossings } from '../crossings.ts';
import type { CellResult, CostCrossing, RunResult } from '../result.ts';
import { rank } from '../statistics/ranking.ts';
import { summarize, type MeasuredSummary } from '../summary.ts';
import { scalabilityOf } from '../scalability.ts';
import { sweepOf, sweepsOf, type SweptKnob } from '../sweeps.ts';
import { columns, costColumns, type Ranked } from './columns.ts';
import { crossingsInWords, inWords } from './in-words.ts';
import { lossesTable } from './losses-table.ts';
import { measuresTable } from './measures-table.ts';
import { memoryInWords, memoryTable } from './memory-table.ts';
import { scalabilityTable } from './scalability-table.ts';
import type { TextTable } from './text-table.ts';

/** One figure of a row; `mark` where it is the best or the worst of its column. */
export interface Figure {
  text: string;
  mark?: 'best' | 'worst';
}

/** The rows of one workload, the fastest first, as text; a row that wasn't measured has a reason instead of figures. */
export interface Section {
  title: string;
  rows: Row[];
  /** What a message costs in each row that was measured, by the cost columns. */
  costs: string[][];
  /** What the rows say, in plain words. */
  summary: string;
  /** What else there is to say, and not of every workload. */
  tables: TextTable[];
}

export type Row =
  | { state: 'measured'; model: string; figures: Figure[] }
  | { state: 'skipped' | 'failed'; model: string; reason: string };

/** The run as text: sections of rows, and the notes that the rows refer to by number. */
export interface Report {
  sections: Section[];
  notes: { number: number; code: WarningCode; text: string }[];
}

/** Heads of a row's figures. */
export const heads: readonly string[] = [...columns.map(({ head }) => head), 'see'];

export function reportOf(run: RunResult): Report {
  const codes: WarningCode[] = [];
  const titles = [...new Set(run.cells.map(titleOf))];
  const crossings = costCrossings(run.cells);
  const sections = titles.map((title) =>
    toSection(
      title,
      run.cells.filter((cell) => titleOf(cell) === title),
      codes,
      crossings,
    ),
  );
  addMemory(sections, run.cells);
  addScalability(sections, run.cells, 'connections', 'connections');
  addScalability(sections, run.cells, 'serverWorkers', 'workers');
  if (run.losses) sections.at(-1)?.tables.push(lossesTable(run.losses));
  return { sections, notes: codes.map((code, index) => ({ number: index + 1, code, text: note(code) })) };
}

function addMemory(sections: readonly Section[], cells: readonly CellResult[]): void {
  for (const sweep of sweepsOf(cells, 'connections').values()) {
    const memory = memoryPerConnection(sweep);
    if (memory.length === 0) continue;
    const last = lastOf(sections, sweep);
    last.tables.push(memoryTable(memory));
    last.summary = [last.summary, memoryInWords(memory)].filter(Boolean).join(' ');
  }
}

function addScalability(sections: readonly Section[], cells: readonly CellResult[], knob: SweptKnob, of: string): void {
  for (const sweep of sweepsOf(cells, knob).values()) {
    const laws = scalabilityOf(sweep, knob);
    if (laws.length > 0) lastOf(sections, sweep).tables.push(scalabilityTable(laws, of));
  }
}

/** What is told by several sections together stands under the last of them. */
const lastOf = (sections: readonly Section[], sweep: readonly CellResult[]): Section =>
  sections.findLast(({ title }) => sweep.some((cell) => titleOf(cell) === title))!;

function toSection(title: string, cells: readonly CellResult[], codes: WarningCode[], crossings: readonly CostCrossing[]): Section {
  const rows = cells.map((cell) => ({ model: cell.model, summary: summarize(cell) }));
  const measured = ranked(rows.flatMap(({ model, summary }) => (summary.state === 'measured' ? [{ model, summary }] : [])));
  const [{ knobs }] = cells as [CellResult];
  // Said once, where the sweep ends.
  const ending = crossings.filter(({ workload, works }) => workload === sweepOf(cells[0]!, 'work') && works.at(-1) === knobs.work);
  const others = rows.flatMap(({ model, summary }) => (summary.state === 'measured' ? [] : [{ ...summary, model }]));
  const measures = measuresTable(measured);
  return {
    title,
    rows: [...toRows(measured, codes), ...others],
    costs: toCosts(measured),
    summary: [inWords(measured), crossingsInWords(ending)].filter((words) => words !== '').join(' '),
    tables: measures ? [measures] : [],
  };
}

/** The fastest first. */
function ranked(rows: readonly { model: string; summary: MeasuredSummary }[]): Ranked[] {
  const ranks = rank(rows.map(({ summary }) => summary.interval));
  return rows
    .map((row, index) => ({ ...row, rank: ranks[index]! }))
    .toSorted((a, b) => b.summary.messagesPerSecond - a.summary.messagesPerSecond);
}

function toRows(rows: readonly Ranked[], codes: WarningCode[]): Row[] {
  const first = rows[0]?.summary;
  const cells = columns.map((column) => {
    const marks = bestAndWorst(rows.map(({ summary }) => column.merit?.(summary)));
    return rows.map((row, index): Figure => ({ text: column.text(row, first!), ...marks(index) }));
  });
  return rows.map(({ model, summary }, index) => {
    for (const code of summary.warnings) if (!codes.includes(code)) codes.push(code);
    const see = summary.warnings.map((code) => codes.indexOf(code) + 1).toSorted((a, b) => a - b);
    return { state: 'measured', model, figures: [...cells.map((column) => column[index]!), { text: see.join(' ') }] };
  });
}

const toCosts = (rows: readonly Ranked[]): string[][] =>
  rows.map((row) => costColumns.map((column) => column.text(row, row.summary)));

/** Where there is something to compare: the mark of the row at an index. */
function bestAndWorst(merits: readonly (number | undefined)[]): (index: number) => Pick<Figure, 'mark'> {
  const known = merits.filter((merit) => merit !== undefined);
  const [best, worst] = [Math.max(...known), Math.min(...known)];
  if (known.length < 2 || best === worst) return () => ({});
  return (index) => (merits[index] === best ? { mark: 'best' } : merits[index] === worst ? { mark: 'worst' } : {});
}

const note = (code: WarningCode): string => `${conditions[code].meaning}; ${conditions[code].remedy}`;

const endings: Record<RunResult['ended'], (run: RunResult) => string> = {
  precise: ({ plan }) =>
    `precision, since every interval was within ±${percent(plan.precision)} of its median at two looks in a row`,
  budget: ({ plan }) => `the time budget of ${(plan.budgetMs / 1000).toFixed(0)} s`,
  trials: ({ rounds }) => `the number of trials, ${rounds} of each row`,
  interrupted: () => 'interruption',
};

const percent = (share: number): string => `${Number((share * 100).toPrecision(2))} %`;

/** What the columns mean. */
export const legend = (run: RunResult): string => [...extent(run), ...meanings].join('\n');

const meanings = [
  '#: 1 + the number of rows that are faster for sure; "~": an order is not sure, as intervals overlap.',
  'rel: rate in relation to the first row.',
  'CPU µs: CPU time per message of the whole server process tree. MiB: its peak resident memory.',
  'waits, preempted: context switches per message, because a thread had to wait, or lost its CPU. client µs: the load generator.',
  'served: connections that got a reply, of those that sent a request.',
  '"≥": only a lower bound, as some requests were never answered. "–": too few samples.',
];

/** How much was measured, and why it was enough: in an interrupted run some rows have one trial less. */
export function extent(run: RunResult): string[] {
  const { cells, trialDurationMs, ended } = run;
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
    `Ended by: ${endings[ended](run)}.`,
  ];
}

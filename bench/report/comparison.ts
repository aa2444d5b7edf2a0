import { FALSE_SHARE, figures, type ComparedRow, type Difference, type Origin, type RunComparison } from '../compare-runs.ts';
import { formatCount, formatNs } from './format.ts';
import { printable } from './printable.ts';
import { textTable } from './terminal.ts';

/** How two runs compare, for a terminal. */
export function comparisonReport({ a, b, differences, rows, left }: RunComparison): string {
  const workloads = [...new Set(rows.map(({ workload }) => workload))];
  const tables = workloads.map((title) =>
    textTable({ title, heads, rows: rows.filter(({ workload }) => workload === title).map(cells), notes: [] }),
  );
  return printable(
    [
      `A: ${origin(a)}\nB: ${origin(b)}`,
      ...(differences.length === 0 ? [] : [['Not measured alike:', ...differences.map(inWords)].join('\n')]),
      ...tables,
      ...(left.length === 0 ? [] : [['Not compared:', ...left.map(({ title, reason }) => `  ${title}: ${reason}`)].join('\n')]),
      LEGEND,
      conclusion(rows),
    ].join('\n\n'),
  );
}

const heads = ['model, figure', 'A', 'B', 'B / A', 'trials', 'p', 'adjusted', 'B is'] as const;

function cells({ model, figure, a, b, ratio, p, adjustedP, verdict }: ComparedRow): string[] {
  const format = figure === 'throughput' ? formatCount : formatNs;
  return [
    `${model}, ${figures[figure].title}`,
    format(a.median),
    format(b.median),
    ratio.toFixed(3),
    a.trials === b.trials ? String(a.trials) : `${a.trials}, ${b.trials}`,
    probability(p),
    probability(adjustedP),
    verdict === 'unsure' ? '~' : verdict,
  ];
}

const probability = (p: number): string => (p < 0.0001 ? '<0.0001' : p.toFixed(4));

const LEGEND = [
  `A, B: medians. CPU: time per message of the server's whole process tree.`,
  `p: Mann and Whitney's test, two-sided; exact up to 60 trials.`,
  `adjusted: for the number of rows; of those called better or worse, at most ${FALSE_SHARE * 100} % are so by chance.`,
  '"~": no difference is sure. too few trials: none could be, however large; take 4 of each or more.',
].join('\n');

const origin = ({ startedAt, rounds, node, commit, cleanTree }: Origin): string =>
  `${startedAt}, ${rounds} rounds, Node ${node}, commit ${commit?.slice(0, 10) ?? 'unknown'}` +
  (cleanTree === false ? ' with uncommitted changes' : '');

function inWords({ field, a, b, decisive }: Difference): string {
  return `  ${field}${decisive ? ' (decisive)' : ''}: ${shown(a)} and ${shown(b)}`;
}

function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

function conclusion(rows: readonly ComparedRow[]): string {
  const count = (verdict: ComparedRow['verdict']): number => rows.filter((row) => row.verdict === verdict).length;
  return `Of ${rows.length} figures, B is better in ${count('better')} and worse in ${count('worse')}.`;
}

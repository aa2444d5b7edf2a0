import { isDeepStrictEqual } from 'node:util';
import padjust from '@stdlib/stats-padjust';
import { SockbenchError } from '../errors/sockbench-error.ts';
import type { LoadResult } from '../loadgen/result.ts';
import { titleOf } from './plan.ts';
import type { CellResult, RunResult } from './result.ts';
import { median } from './statistics/order.ts';
import { rankSumP, smallestP } from './statistics/rank-sum.ts';
import { measuredTrials, summarize } from './summary.ts';

/** What two runs of the bench, A and B, say of each other. */
export interface RunComparison {
  a: Origin;
  b: Origin;
  /** In what they were measured differently, the decisive first. */
  differences: Difference[];
  rows: ComparedRow[];
  /** Rows without a figure in one of the runs. */
  left: { title: string; reason: string }[];
}

/** Of a run: how, when and of what it was made. */
export type Origin = Pick<RunResult, 'startedAt' | 'rounds'> & Pick<RunResult['environment'], 'node' | 'commit' | 'cleanTree'>;

export interface Difference {
  field: string;
  a: unknown;
  b: unknown;
  /** Figures of the two say nothing about each other. */
  decisive: boolean;
}

/** A figure of a row that both runs have. */
export interface ComparedRow {
  /** "echo ×64" */
  workload: string;
  model: string;
  figure: FigureName;
  a: Sample;
  b: Sample;
  /** Median of B over median of A. */
  ratio: number;
  /** Mann and Whitney's, two-sided. */
  p: number;
  /** Adjusted for the number of rows (Benjamini and Hochberg 1995): of rows called better or worse, so many are by chance. */
  adjustedP: number;
  /** What B is. `too few trials`: no difference, however large, could have been sure. */
  verdict: 'better' | 'worse' | 'unsure' | 'too few trials';
}

export interface Sample {
  median: number;
  trials: number;
}

/** Of rows called better or worse, the share that may be so by chance. */
export const FALSE_SHARE = 0.05;

interface ComparedFigure {
  readonly title: string;
  readonly better: 'more' | 'less';
  /** Undefined where a trial doesn't tell, or only a lower bound. */
  of(result: LoadResult): number | undefined;
}

export const figures = {
  throughput: { title: 'messages/s', better: 'more', of: ({ messagesPerSecond }) => messagesPerSecond },
  cpu: { title: 'CPU', better: 'less', of: ({ server }) => server?.cpuNsPerMessage },
  p99: {
    title: 'p99',
    better: 'less',
    of: ({ latencyNs: { p99, lowerBounds } }) => (lowerBounds.includes('p99') ? undefined : (p99 ?? undefined)),
  },
} as const satisfies Record<string, ComparedFigure>;

export type FigureName = keyof typeof figures;

/**
 * Compares what both runs measured, row by row.
 * @param anyway even where they were not measured alike
 * @throws SockbenchError E_ENVIRONMENT where figures of the two say nothing about each other
 */
export function compareRuns(a: RunResult, b: RunResult, { anyway = false }: { anyway?: boolean | undefined } = {}): RunComparison {
  const differences = differencesBetween(a, b);
  const against = differences.find((difference) => difference.decisive);
  if (against !== undefined && !anyway) {
    throw new SockbenchError(
      'E_ENVIRONMENT',
      `expected both runs to have the same ${against.field}, got ${JSON.stringify(against.a)} and ${JSON.stringify(against.b)}`,
      { remedy: 'a difference of their figures would not be one of the servers; --anyway compares them nevertheless' },
    );
  }
  const pairs = a.cells.flatMap((one) => {
    const other = b.cells.find(({ title }) => title === one.title);
    return other === undefined ? [] : [{ a: one, b: other }];
  });
  return {
    a: originOf(a),
    b: originOf(b),
    differences,
    rows: judged(pairs.flatMap((pair) => (obstacle(pair.a, pair.b) === undefined ? compareCells(pair.a, pair.b) : []))),
    left: [
      ...pairs.flatMap((pair) => {
        const reason = obstacle(pair.a, pair.b);
        return reason === undefined ? [] : [{ title: pair.a.title, reason }];
      }),
      ...missing(a, b, 'A'),
      ...missing(b, a, 'B'),
    ],
  };
}

function originOf({ startedAt, rounds, environment: { node, commit, cleanTree } }: RunResult): Origin {
  return { startedAt, rounds, node, commit, cleanTree };
}

/** Where these differ, so do the figures of one and the same server. */
const decisive = ({ environment: { cpu, cores, platform }, framing, cells }: RunResult, rows: ReadonlySet<string>): Conditions => ({
  cpu,
  cores,
  platform,
  framing,
  placement: Object.fromEntries(cells.filter(({ title }) => rows.has(title)).map(({ title, placement }) => [title, placement])),
});

/** What may explain a difference, or be what is compared. */
const notable = ({ environment, trialDurationMs }: RunResult): Conditions => {
  const { node, kernel, governor, mitigations, limits, sockbench, dependencies } = environment;
  return { node, kernel, governor, mitigations, limits, sockbench, dependencies, trialDurationMs };
};

/** In what two runs were measured differently, the decisive first. */
export function differencesBetween(a: RunResult, b: RunResult): Difference[] {
  const inB = new Set(b.cells.map(({ title }) => title));
  const inBoth = new Set(a.cells.map(({ title }) => title).filter((title) => inB.has(title)));
  return [decisive, notable].flatMap((conditions) => {
    const [one, other] = [conditions(a, inBoth), conditions(b, inBoth)];
    const fields = Object.keys(one).filter((field) => !isDeepStrictEqual(one[field], other[field]));
    return fields.map((field) => ({ field, a: one[field], b: other[field], decisive: conditions === decisive }));
  });
}

type Conditions = Record<string, unknown>;

/** Why a row can't be compared; a failure in one run is told, not compared. */
function obstacle(a: CellResult, b: CellResult): string | undefined {
  const [one, other] = [summarize(a), summarize(b)];
  if (one.state !== 'measured') return `${one.state} in A: ${one.reason}`;
  return other.state === 'measured' ? undefined : `${other.state} in B: ${other.reason}`;
}

function missing(from: RunResult, there: RunResult, name: string): RunComparison['left'] {
  const known = new Set(there.cells.map(({ title }) => title));
  return from.cells.flatMap(({ title }) => (known.has(title) ? [] : [{ title, reason: `only in ${name}` }]));
}

type Unjudged = Omit<ComparedRow, 'adjustedP' | 'verdict'>;

function compareCells(a: CellResult, b: CellResult): Unjudged[] {
  const named = { workload: titleOf(a), model: a.model };
  return figureNames.flatMap((figure): Unjudged[] => {
    const [one, other] = [a, b].map((cell) => measuredTrials(cell).flatMap((result) => figures[figure].of(result) ?? [])) as [
      number[],
      number[],
    ];
    if (one.length === 0 || other.length === 0) return [];
    const samples = { a: { median: median(one), trials: one.length }, b: { median: median(other), trials: other.length } };
    return [{ ...named, figure, ...samples, ratio: samples.b.median / samples.a.median, p: rankSumP(one, other) }];
  });
}

const figureNames = Object.keys(figures) as FigureName[];

function judged(rows: readonly Unjudged[]): ComparedRow[] {
  const adjusted =
    rows.length === 0
      ? []
      : [
          ...padjust(
            rows.map(({ p }) => p),
            'bh',
          ),
        ];
  return rows.map((row, index) => ({ ...row, adjustedP: adjusted[index]!, verdict: verdictOf(row, adjusted[index]!) }));
}

function verdictOf({ figure, ratio, a, b }: Unjudged, adjustedP: number): ComparedRow['verdict'] {
  if (smallestP(a.trials, b.trials) > FALSE_SHARE) return 'too few trials';
  if (adjustedP > FALSE_SHARE) return 'unsure';
  return ratio > 1 === (figures[figure].better === 'more') ? 'better' : 'worse';
}

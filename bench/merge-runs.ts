import { sum } from '../loadgen/sum.ts';
import { SockbenchError } from '../errors/sockbench-error.ts';
import { differencesBetween } from './compare-runs.ts';
import { costCrossings } from './crossings.ts';
import type { CellResult, RunResult } from './result.ts';

/**
 * Several runs as one: rows of the same title have the trials of all. Told of the first are its seed and plan.
 * @throws SockbenchError E_ENVIRONMENT where they were not measured alike, of the same commit
 */
export function mergeRuns([first, ...others]: readonly [RunResult, ...RunResult[]]): RunResult {
  if (others.length === 0) return first;
  for (const other of others) refuseUnlike(first, other);
  const all = [first, ...others];
  const cells = merged(all.flatMap((run) => run.cells));
  return {
    ...first,
    startedAt: all.map(({ startedAt }) => startedAt).toSorted()[0]!,
    durationMs: sum(all.map(({ durationMs }) => durationMs)),
    ended: all.every(({ ended }) => ended === first.ended) ? first.ended : 'trials',
    rounds: Math.max(...cells.map(({ trials }) => trials.length)),
    cells,
    costCrossings: costCrossings(cells),
    timelines: merged(all.flatMap((run) => run.timelines)),
  };
}

function refuseUnlike(first: RunResult, other: RunResult): void {
  const commits = { field: 'commit', a: first.environment.commit, b: other.environment.commit };
  const [unlike] = [...differencesBetween(first, other), ...(commits.a === commits.b ? [] : [commits])];
  if (unlike === undefined) return;
  throw new SockbenchError(
    'E_ENVIRONMENT',
    `expected runs with the same ${unlike.field}, got ${JSON.stringify(unlike.a)} and ${JSON.stringify(unlike.b)}`,
    { remedy: 'sockbench compare holds two such runs against each other' },
  );
}

function merged(cells: readonly CellResult[]): CellResult[] {
  const titles = [...new Set(cells.map(({ title }) => title))];
  return titles.map((title) => {
    const same = cells.filter((cell) => cell.title === title);
    return { ...same[0]!, trials: same.flatMap(({ trials }) => trials) };
  });
}

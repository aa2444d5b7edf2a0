import type { CellResult, CostCrossing } from './result.ts';
import { between, crossing } from './statistics/crossing.ts';
import { summarize, type MeasuredSummary } from './summary.ts';
import { sweepsOf } from './sweeps.ts';

interface Row {
  model: string;
  parallel: boolean;
  work: number;
  summary: MeasuredSummary;
}

/**
 * From which cost of a message on it pays to work on several CPUs: for each workload that was measured at several amounts of
 * work, each model that does compared with a single loop, the fastest at the least work. Rows that left clients unserved don't count.
 */
export function costCrossings(cells: readonly CellResult[]): CostCrossing[] {
  return [...sweepsOf(cells, 'work')].flatMap(([workload, sweep]) => {
    const rows = rowsOf(sweep);
    const [loop] = rows
      .filter(({ parallel }) => !parallel)
      .toSorted((a, b) => a.work - b.work || b.summary.messagesPerSecond - a.summary.messagesPerSecond);
    if (loop === undefined) return [];
    const ofLoop = rows.filter(({ model }) => model === loop.model);
    const models = [...new Set(rows.filter(({ parallel }) => parallel).map(({ model }) => model))];
    return models.flatMap((model) =>
      compare(
        workload,
        ofLoop,
        rows.filter((row) => row.model === model),
      ),
    );
  });
}

/** Those of models that serve many clients and served all, by ascending work. */
function rowsOf(cells: readonly CellResult[]): Row[] {
  return cells
    .flatMap((cell): Row[] => {
      const summary = summarize(cell);
      const { capabilities, knobs, model } = cell;
      if (summary.state !== 'measured' || capabilities === undefined || knobs.work === undefined) return [];
      const { served, opened } = summary.connections;
      if (capabilities.connections === 'one' || served < opened) return [];
      return [{ model, parallel: capabilities.parallel, work: knobs.work, summary }];
    })
    .toSorted((a, b) => a.work - b.work);
}

function compare(workload: string, loop: readonly Row[], rows: readonly Row[]): CostCrossing[] {
  const pairs = loop.flatMap((own) => {
    const other = rows.find(({ work }) => work === own.work);
    const cpuNs = own.summary.cost?.cpuNsPerMessage;
    return other === undefined || cpuNs === undefined ? [] : [{ loop: own, other, work: own.work, cpuNs }];
  });
  const [first, last] = [pairs[0], pairs.at(-1)];
  if (first === undefined || last === undefined || first === last) return [];
  const named = { workload, model: first.other.model, loop: first.loop.model, works: pairs.map(({ work }) => work) };
  const found = crossing(
    pairs.map((pair) => ({
      x: pair.work,
      own: pair.other.summary.messagesPerSecond,
      other: pair.loop.summary.messagesPerSecond,
    })),
  );
  if (found.state === 'always') return [{ ...named, state: 'always', work: first.work, cpuNsPerMessage: first.cpuNs }];
  if (found.state === 'never') return [{ ...named, state: 'never', work: last.work, cpuNsPerMessage: last.cpuNs }];
  const [below, above] = [pairs[found.before]!, pairs[found.before + 1]!];
  return [{ ...named, state: 'crosses', work: found.x, cpuNsPerMessage: between(below.cpuNs, above.cpuNs, found.at) }];
}

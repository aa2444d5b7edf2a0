import { median, medianInterval } from '../../statistics/order.ts';
import { bars, barsHeightPx } from './bars.ts';
import { sweeps, type Chart, type Row } from './chart.ts';

/** What a connection costs shows only where there are many: below, what is measured is how much garbage there was. */
const MANY = 500;

export const memoryPerConnection: Chart = {
  id: 'memory-per-connection',
  title: 'Memory per connection',
  about: `Peak memory at the most connections less that at the fewest, divided by the difference. Only models that served all of them, and only where they were at least ${MANY}. Less is better.`,
  draw(view) {
    const [name, rows] = [...sweeps(view)].find(([, some]) => slopes(some).length > 0) ?? [];
    if (name === undefined || rows === undefined) {
      const reason = `This run has no workload at ${MANY} connections or more and also at few, or the filter leaves none.`;
      return { state: 'absent', reason, command: 'npm run bench -- --workloads connections' };
    }
    const all = slopes(rows).toSorted((a, b) => a.value - b.value);
    return {
      state: 'drawn',
      option: bars(all, view, 'KiB per connection', String),
      heightPx: barsHeightPx(all.length),
      table: {
        caption: `Memory per connection, ${name}`,
        heads: ['model', 'memory per connection', 'interval', 'from', 'to'],
        rows: all.map(({ cells }) => cells),
      },
    };
  },
};

type Slope = Parameters<typeof bars>[0][number] & { cells: string[] };

function slopes(rows: readonly Row[]): Slope[] {
  return [...new Set(rows.map(({ model }) => model))].flatMap((model): Slope[] => {
    const own = rows
      .filter((row) => row.model === model && row.summary.connections.served >= row.cell.knobs.connections)
      .map(({ cell, results }) => ({
        connections: cell.knobs.connections,
        values: results.flatMap(({ server }) => (server ? [server.peakMemoryBytes / 1024] : [])),
      }))
      .filter(({ values }) => values.length > 0)
      .toSorted((a, b) => a.connections - b.connections);
    const [few, many] = [own[0], own.at(-1)];
    if (few === undefined || many === undefined || many.connections < MANY || few.connections * 10 > many.connections) return [];
    const more = many.connections - few.connections;
    const [atFew, atMany] = [medianInterval(few.values), medianInterval(many.values)];
    const [before, after] = [median(few.values), median(many.values)];
    const value = Math.max(0, after - before) / more;
    const interval = {
      low: Math.max(0, atMany.low - atFew.high) / more,
      high: Math.max(0, atMany.high - atFew.low) / more,
      confidence: Math.max(0, atFew.confidence + atMany.confidence - 1), // both hold: Bonferroni
    };
    const several = few.values.length > 1 && many.values.length > 1;
    const label = `${value.toFixed(1)} KiB`;
    const range = several ? `${interval.low.toFixed(1)} to ${interval.high.toFixed(1)} KiB` : '–';
    const ends = [before, after].map((kib, end) => `${(kib / 1024).toFixed(0)} MiB at ${[few, many][end]!.connections}`);
    return [
      {
        model,
        value,
        interval: several ? interval : undefined,
        label,
        cells: [model, label, range, ...ends],
        hint: [
          ['per connection', label],
          ['interval', range],
          ['from', ends[0]!],
          ['to', ends[1]!],
        ],
      },
    ];
  });
}

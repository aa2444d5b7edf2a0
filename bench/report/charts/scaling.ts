import { formatCount, formatRate } from '../format.ts';
import { sweepInView, type Chart, type Row } from './chart.ts';
import { numberAxis } from './frame.ts';
import { lines, type Line } from './lines.ts';

export const scaling: Chart = {
  id: 'scaling',
  title: 'Throughput against connections',
  about:
    'Median messages per second of each model at each number of connections, with its interval. The connections are on a log scale, the rate begins at zero.',
  draw(view) {
    const [name, rows] = sweepInView(view) ?? [];
    if (name === undefined || rows === undefined) {
      const reason = 'This run has no workload at several numbers of connections, or the filter leaves none.';
      return { state: 'absent', reason, command: 'npm run bench -- --workloads connections' };
    }
    const xAxis = { ...numberAxis(view.theme, 'connections', String, { log: true, lines: false }), min: 1 };
    const yAxis = numberAxis(view.theme, `messages per second, ${name}`, formatRate, { above: true });
    const ordered = rows.toSorted((a, b) => a.cell.knobs.connections - b.cell.knobs.connections);
    return {
      state: 'drawn',
      option: lines(linesOf(ordered), view, { xAxis, yAxis }),
      heightPx: 340,
      table: {
        caption: `Messages per second against connections, ${name}`,
        heads: ['model', 'connections', 'messages/s', 'interval', 'served'],
        rows: ordered.toSorted((a, b) => a.model.localeCompare(b.model)).map((row) => [row.model, ...cells(row)]),
      },
    };
  },
};

function cells({ cell, summary: { messagesPerSecond, interval, trials, connections } }: Row): string[] {
  const range = trials > 1 ? `${formatCount(interval.low)} to ${formatCount(interval.high)}` : '–';
  return [String(cell.knobs.connections), formatCount(messagesPerSecond), range, `${connections.served} of ${connections.opened}`];
}

function linesOf(rows: readonly Row[]): Line[] {
  return [...new Set(rows.map(({ model }) => model))].map((model) => ({
    model,
    points: rows
      .filter((row) => row.model === model)
      .map((row) => {
        const [connections, rate, range, served] = cells(row);
        const { messagesPerSecond, interval, trials } = row.summary;
        return {
          x: row.cell.knobs.connections,
          y: messagesPerSecond,
          ...(trials > 1 && { low: interval.low, high: interval.high }),
          hint: [
            ['connections', connections!],
            ['messages/s', rate!],
            ['interval', range!],
            ['served', served!],
          ],
        };
      }),
  }));
}

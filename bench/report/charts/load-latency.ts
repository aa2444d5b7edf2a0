import { median } from '../../statistics/order.ts';
import { formatCount, formatLatency, formatNs, formatRate } from '../format.ts';
import { rowsOf, type Chart, type Row } from './chart.ts';
import { numberAxis } from './frame.ts';
import { lines, type Line } from './lines.ts';

export const loadLatency: Chart = {
  id: 'load-latency',
  title: 'Latency against load',
  about:
    'Open loop: messages leave at planned times, whatever comes back, and response times count from the planned time. The 99th percentile (log scale) over the rate that was asked for; a server bends upwards where it reaches its limit. Dashed is only a lower bound, as messages were never answered.',
  draw(view) {
    const rows = rowsOf(view, ({ knobs }) => knobs.rate !== undefined).filter(({ summary }) => summary.latencyNs.p99 !== undefined);
    if (rows.length === 0) {
      const reason = 'This run has no messages at planned rates, or the filter leaves none.';
      return { state: 'absent', reason, command: 'npm run bench -- --workloads rate' };
    }
    const ordered = rows.toSorted((a, b) => a.cell.knobs.rate! - b.cell.knobs.rate!);
    return {
      state: 'drawn',
      option: lines(linesOf(ordered), view, {
        xAxis: { ...numberAxis(view.theme, 'messages per second asked for', formatRate, { lines: false }), min: 0 },
        yAxis: numberAxis(view.theme, 'p99 response time', formatNs, { log: true, above: true }),
      }),
      heightPx: 340,
      table: {
        caption: 'Response times at planned rates: median over the trials',
        heads: ['model', 'workload', 'asked for', 'reached', 'p50', 'p90', 'p99', 'p99.9'],
        rows: ordered
          .toSorted((a, b) => a.model.localeCompare(b.model))
          .map((row) => [row.model, row.cell.workload, ...cells(row)]),
      },
    };
  },
};

function cells({ cell, summary: { messagesPerSecond, latencyNs } }: Row): string[] {
  const { p50, p90, p99, p999 } = latencyNs;
  return [`${formatCount(cell.knobs.rate!)}/s`, `${formatCount(messagesPerSecond)}/s`, ...[p50, p90, p99, p999].map(formatLatency)];
}

function linesOf(rows: readonly Row[]): Line[] {
  return [...new Set(rows.map(({ model }) => model))].map((model) => ({
    model,
    points: rows
      .filter((row) => row.model === model)
      .map((row) => {
        const values = row.results.flatMap(({ latencyNs }) => latencyNs.p99 ?? []);
        const [asked, reached, p50, , p99, p999] = cells(row);
        return {
          x: row.cell.knobs.rate!,
          y: median(values),
          bound: row.summary.latencyNs.p99!.lowerBound,
          ...(values.length > 1 && { low: Math.min(...values), high: Math.max(...values) }),
          hint: [
            ['asked for', asked!],
            ['reached', reached!],
            ['p50', p50!],
            ['p99', p99!],
            ['p99.9', p999!],
          ],
        };
      }),
  }));
}

import { formatCount, formatLatency, formatRate } from '../format.ts';
import { bars, barsHeightPx } from './bars.ts';
import { workloadRows, type Chart } from './chart.ts';
import { nothing } from './absence.ts';

export const throughput: Chart = {
  id: 'throughput',
  title: 'Messages per second',
  about:
    'Median over the trials; the line over a bar is the interval in which the median lies. Where two lines overlap, the order is not sure.',
  draw(view) {
    const rows = workloadRows(view).toSorted((a, b) => b.summary.messagesPerSecond - a.summary.messagesPerSecond);
    if (rows.length === 0) return nothing(view);
    const all = rows.map(({ model, summary }) => {
      const { messagesPerSecond: value, interval, trials, latencyNs, connections } = summary;
      const range = `${formatCount(interval.low)} to ${formatCount(interval.high)}`;
      return {
        model,
        value,
        interval: trials > 1 ? interval : undefined,
        label: formatRate(value),
        cells: [
          model,
          formatCount(value),
          trials > 1 ? range : '–',
          String(trials),
          `${connections.served} of ${connections.opened}`,
        ],
        hint: [
          ['messages/s', formatCount(value)],
          ['interval', trials > 1 ? range : 'one trial'],
          ['p50', formatLatency(latencyNs.p50)],
          ['p99', formatLatency(latencyNs.p99)],
          ['served', `${connections.served} of ${connections.opened} connections`],
        ] as const,
      };
    });
    return {
      state: 'drawn',
      option: bars(all, view, 'messages per second', formatRate),
      heightPx: barsHeightPx(all.length),
      table: {
        caption: `Messages per second, ${view.workload}`,
        heads: ['model', 'messages/s', 'interval', 'trials', 'connections served'],
        rows: all.map(({ cells }) => cells),
      },
    };
  },
};

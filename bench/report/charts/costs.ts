import { formatMicroseconds } from '../format.ts';
import { median, medianInterval } from '../../statistics/order.ts';
import { nothing } from './absence.ts';
import { bars, barsHeightPx } from './bars.ts';
import { workloadRows, type Chart, type Trial } from './chart.ts';

type Server = NonNullable<Trial['server']>;

interface Cost {
  id: string;
  title: string;
  about: string;
  axis: string;
  unit: string;
  /** In that unit. */
  of: (server: Server) => number;
  format: (value: number) => string;
}

/** Bars of what the server used, the least first. */
const costChart = ({ id, title, about, axis, of, format, unit }: Cost): Chart => ({
  id,
  title,
  about,
  draw(view) {
    const measured = workloadRows(view);
    const all = measured
      .map(({ model, results }) => ({ model, values: results.flatMap(({ server }) => (server ? [of(server)] : [])) }))
      .filter(({ values }) => values.length > 0)
      .map(({ model, values }) => ({ model, value: median(values), interval: medianInterval(values), trials: values.length }))
      .toSorted((a, b) => a.value - b.value)
      .map(({ model, value, interval, trials }) => {
        const range = trials > 1 ? `${format(interval.low)} to ${format(interval.high)} ${unit}` : '–';
        const label = `${format(value)} ${unit}`;
        return {
          model,
          value,
          interval: trials > 1 ? interval : undefined,
          label,
          cells: [model, label, range, String(trials)],
          hint: [
            [title, label],
            ['interval', trials > 1 ? range : 'one trial'],
          ] as const,
        };
      });
    if (measured.length === 0) return nothing(view);
    if (all.length === 0)
      return {
        state: 'absent',
        reason: 'The system that this was measured on does not say what a server uses.',
        command: 'npm run bench   # on Linux',
      };
    return {
      state: 'drawn',
      option: bars(all, view, axis, String),
      heightPx: barsHeightPx(all.length),
      table: {
        caption: `${title}, ${view.workload}`,
        heads: ['model', title, 'interval', 'trials'],
        rows: all.map(({ cells }) => cells),
      },
    };
  },
});

export const cpuPerMessage = costChart({
  id: 'cpu',
  title: 'CPU time per message',
  about: 'CPU time of the whole server process tree, user and kernel, divided by the messages of the same time. Less is better.',
  axis: 'µs per message',
  of: ({ cpuNsPerMessage }) => cpuNsPerMessage / 1e3,
  format: (value) => formatMicroseconds(value * 1e3),
  unit: 'µs',
});

export const peakMemory = costChart({
  id: 'memory',
  title: 'Peak memory',
  about:
    "Highest resident memory of each of the server's processes, added up; what processes share counts in each. Less is better.",
  axis: 'MiB',
  of: ({ peakMemoryBytes }) => peakMemoryBytes / 2 ** 20,
  format: (value) => value.toFixed(value < 10 ? 1 : 0),
  unit: 'MiB',
});

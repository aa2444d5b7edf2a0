import type { Rank } from '../statistics/ranking.ts';
import type { MeasuredSummary } from '../summary.ts';
import { formatCount, formatLatency, formatMiB, formatMicroseconds, formatRate } from './format.ts';

/** A row with its place among those of its section. */
export interface Ranked {
  readonly model: string;
  readonly summary: MeasuredSummary;
  readonly rank: Rank;
}

export interface Column {
  readonly head: string;
  readonly align: 'left' | 'right';
  /** @param first the row that the others are put into relation to */
  text(ranked: Ranked, first: MeasuredSummary): string;
  /** Higher is better; columns without it have no best and no worst. */
  readonly merit?: (summary: MeasuredSummary) => number | undefined;
}

/** Of a terminal's table, at most 100 characters wide in all. */
export const columns: readonly Column[] = [
  { head: '#', align: 'left', text: ({ rank: { place, tied } }) => `${place}${tied ? '~' : ''}` },
  { head: 'model', align: 'left', text: ({ model }) => model },
  {
    head: 'messages/s',
    align: 'right',
    text: ({ summary }) => formatCount(summary.messagesPerSecond),
    merit: ({ messagesPerSecond }) => messagesPerSecond,
  },
  {
    head: 'interval',
    align: 'right',
    text: ({ summary: { trials, interval } }) => (trials === 1 ? '–' : `${formatRate(interval.low)}–${formatRate(interval.high)}`),
  },
  {
    head: 'rel',
    align: 'right',
    text: ({ summary }, first) => (summary.messagesPerSecond / first.messagesPerSecond).toFixed(2),
  },
  latency('p50'),
  latency('p99'),
  {
    head: 'CPU µs',
    align: 'right',
    text: ({ summary }) => formatMicroseconds(summary.cpuNsPerMessage),
    merit: ({ cpuNsPerMessage }) => negative(cpuNsPerMessage),
  },
  {
    head: 'MiB',
    align: 'right',
    text: ({ summary }) => formatMiB(summary.peakMemoryBytes),
    merit: ({ peakMemoryBytes }) => negative(peakMemoryBytes),
  },
  {
    head: 'served',
    align: 'right',
    text: ({ summary: { connections } }) => `${formatRate(connections.served)}/${formatRate(connections.opened)}`,
  },
];

function latency(name: keyof MeasuredSummary['latencyNs']): Column {
  return {
    head: name,
    align: 'right',
    text: ({ summary }) => formatLatency(summary.latencyNs[name]),
    merit: ({ latencyNs }) => negative(latencyNs[name]?.ns),
  };
}

const negative = (value: number | undefined): number | undefined => (value === undefined ? undefined : -value);

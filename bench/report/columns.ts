import type { ServerCost } from '../../loadgen/result.ts';
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
    text: ({ summary: { cost } }) => formatMicroseconds(cost?.cpuNsPerMessage),
    merit: ({ cost }) => negative(cost?.cpuNsPerMessage),
  },
  {
    head: 'MiB',
    align: 'right',
    text: ({ summary: { cost } }) => formatMiB(cost?.peakMemoryBytes),
    merit: ({ cost }) => negative(cost?.peakMemoryBytes),
  },
  {
    head: 'served',
    align: 'right',
    text: ({ summary: { connections } }) => `${formatRate(connections.served)}/${formatRate(connections.opened)}`,
  },
];

/** What a message costs, for those who want to know more than the sum. */
export const costColumns: readonly Column[] = [
  { head: 'model', align: 'left', text: ({ model }) => model },
  costColumn('user µs', (cost) => formatMicroseconds(part(cost, 1 - (cost.kernelShare ?? NaN)))),
  costColumn('kernel µs', (cost) => formatMicroseconds(part(cost, cost.kernelShare ?? NaN))),
  costColumn('waits', (cost) => cost.voluntarySwitchesPerMessage.toFixed(3)),
  costColumn('preempted', (cost) => cost.involuntarySwitchesPerMessage.toFixed(3)),
  costColumn('processes', (cost) => formatCount(cost.processes)),
  costColumn('threads', (cost) => formatCount(cost.threads)),
  { head: 'client µs', align: 'right', text: ({ summary }) => formatMicroseconds(summary.clientCpuNsPerMessage) },
];

function costColumn(head: string, text: (cost: ServerCost) => string): Column {
  return { head, align: 'right', text: ({ summary: { cost } }) => (cost === undefined ? '–' : text(cost)) };
}

function part({ cpuNsPerMessage }: ServerCost, share: number): number | undefined {
  return Number.isNaN(share) ? undefined : cpuNsPerMessage * share;
}

function latency(name: keyof MeasuredSummary['latencyNs']): Column {
  return {
    head: name,
    align: 'right',
    text: ({ summary }) => formatLatency(summary.latencyNs[name]),
    merit: ({ latencyNs }) => negative(latencyNs[name]?.ns),
  };
}

const negative = (value: number | undefined): number | undefined => (value === undefined ? undefined : -value);

import type { ConnectionMemory, MeasuredMemory } from '../connection-memory.ts';
import { formatKiB } from './format.ts';
import type { TextTable } from './text-table.ts';

export const memoryHeads: readonly string[] = ['model', 'KiB', 'interval'];

/** By the heads. */
export const memoryCells = ({ model, bytes, interval, rounds }: MeasuredMemory): string[] => [
  model,
  formatKiB(bytes),
  rounds > 1 ? `${formatKiB(interval.low)} to ${formatKiB(interval.high)}` : '–',
];

export const memoryTable = (all: readonly ConnectionMemory[]): TextTable => ({
  title: 'Memory per connection:',
  heads: [...memoryHeads, 'no slope, as'],
  rows: all.map((memory) => (memory.state === 'measured' ? [...memoryCells(memory), ''] : [memory.model, '–', '–', memory.reason])),
  notes: ['KiB: slope of peak memory over the number of connections, by least squares; median over the rounds.'],
});

/** The least and the most; undefined where there is nothing to compare. */
export function memoryInWords(all: readonly ConnectionMemory[]): string | undefined {
  const slopes = all.filter((memory) => memory.state === 'measured');
  const [least, most] = [slopes[0], slopes.at(-1)];
  if (least === undefined || most === undefined || least === most) return undefined;
  return `Memory per connection: least ${named(least)}, most ${named(most)}.`;
}

const named = ({ model, bytes }: MeasuredMemory): string => `${model} (${formatKiB(bytes)} KiB)`;

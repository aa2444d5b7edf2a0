// Figures that mean something on a shared machine: ratios of two things measured in turn.
import Table from 'cli-table3';
import { formatCount } from './report/format.ts';
import { median } from './statistics/order.ts';

/** Measures once; messages per second. */
export type Measure = () => Promise<number>;

export interface Figure {
  title: string;
  bar: number;
  measured: Measure;
  yardstick: Measure;
}

export interface Compared {
  title: string;
  bar: number;
  ratio: number;
  lowest: number;
  highest: number;
  measuredPerSecond: number;
  yardstickPerSecond: number;
}

/** Measures both in turn, so many times. Who goes first alternates, so that a drift of the machine favours neither. */
export async function compare({ title, bar, measured, yardstick }: Figure, rounds: number): Promise<Compared> {
  const pairs: [number, number][] = [];
  for (let round = 0; round < rounds; round += 1) {
    process.stderr.write(`${title}: round ${round + 1} of ${rounds}\n`);
    if (round % 2 === 0) {
      const first = await measured();
      pairs.push([first, await yardstick()]);
    } else {
      const first = await yardstick();
      pairs.push([await measured(), first]);
    }
  }
  if (!pairs.flat().every((rate) => rate > 0)) throw new Error(`${title}: something was measured as 0: ${JSON.stringify(pairs)}`);
  const ratios = pairs.map(([a, b]) => a / b);
  return {
    title,
    bar,
    ratio: median(ratios),
    lowest: Math.min(...ratios),
    highest: Math.max(...ratios),
    measuredPerSecond: median(pairs.map(([a]) => a)),
    yardstickPerSecond: median(pairs.map(([, b]) => b)),
  };
}

export function drawCompared(rows: readonly Compared[]): string {
  const table = new Table({
    head: ['figure', 'ratio', 'lowest–highest', 'bar', 'messages/s', 'yardstick/s'],
    style: { head: [], border: [] },
  });
  for (const row of rows) {
    table.push([
      row.title,
      row.ratio.toFixed(3),
      `${row.lowest.toFixed(3)}–${row.highest.toFixed(3)}`,
      `${row.bar} ${row.ratio >= row.bar ? 'met' : 'missed'}`,
      formatCount(row.measuredPerSecond),
      formatCount(row.yardstickPerSecond),
    ]);
  }
  return table.toString();
}

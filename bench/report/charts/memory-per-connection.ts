import { MANY, memoryPerConnection as slopesOf, type MeasuredMemory } from '../../connection-memory.ts';
import { sweepsOf } from '../../sweeps.ts';
import { memoryCells, memoryHeads } from '../memory-table.ts';
import { bars, barsHeightPx, type Bar } from './bars.ts';
import type { Chart, View } from './chart.ts';

export const memoryPerConnection: Chart = {
  id: 'memory-per-connection',
  title: 'Memory per connection',
  about: `Slope of the server's peak memory over the number of connections, by least squares: the median over the rounds, with its interval. Only servers that served all connections, and only where the numbers differ by at least ${MANY}. Less is better.`,
  draw(view) {
    const [name, all] = firstSlopes(view) ?? [];
    if (name === undefined || all === undefined) {
      const reason = `This run has no workload whose numbers of connections differ by at least ${MANY}, or the filter leaves none.`;
      return { state: 'absent', reason, command: 'npm run bench -- --workloads idle' };
    }
    return {
      state: 'drawn',
      option: bars(all.map(bar), view, 'KiB per connection', String),
      heightPx: barsHeightPx(all.length),
      table: {
        caption: `Memory per connection, ${name}`,
        heads: [...memoryHeads, 'rounds'],
        rows: all.map((memory) => [...memoryCells(memory), String(memory.rounds)]),
      },
    };
  },
};

/** The first sweep that has slopes. */
function firstSlopes({ run, shows }: View): [name: string, all: MeasuredMemory[]] | undefined {
  return [
    ...sweepsOf(
      run.cells.filter(({ model }) => shows(model)),
      'connections',
    ),
  ]
    .map(([name, cells]): [string, MeasuredMemory[]] => [name, slopesOf(cells).filter((memory) => memory.state === 'measured')])
    .find(([, all]) => all.length > 0);
}

/** Noise around nothing can be negative; a bar cannot. */
const drawnKiB = (bytes: number): number => Math.max(0, bytes / 1024);

function bar(memory: MeasuredMemory): Bar {
  const { model, bytes, interval, rounds } = memory;
  const [, kib, range] = memoryCells(memory);
  return {
    model,
    value: drawnKiB(bytes),
    interval: rounds > 1 ? { ...interval, low: drawnKiB(interval.low), high: drawnKiB(interval.high) } : undefined,
    label: `${kib} KiB`,
    hint: [
      ['per connection', `${kib} KiB`],
      ['interval', rounds > 1 ? `${range} KiB` : 'one round'],
    ],
  };
}

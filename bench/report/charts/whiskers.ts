import type { CustomSeriesOption } from 'echarts';
import type { Hint } from './chart.ts';

/** From `low` to `high` at one place of the other axis. */
export interface Whisker {
  at: number;
  low: number;
  high: number;
  hint?: Hint;
}

const CAP_PX = 4;

/** Intervals as lines with ends, over or beside the values that they belong to. */
export function whiskers(
  all: readonly Whisker[],
  colour: string,
  direction: 'vertical' | 'horizontal',
  place: Partial<CustomSeriesOption> = {},
): CustomSeriesOption {
  const turn = <T>(at: T, along: T): [T, T] => (direction === 'vertical' ? [at, along] : [along, at]);
  return {
    type: 'custom',
    z: 5,
    silent: true,
    clip: true,
    ...place,
    encode: direction === 'vertical' ? { x: 0, y: [1, 2] } : { x: [1, 2], y: 0 },
    data: all.map(({ at, low, high, hint }) => ({ value: [at, low, high], ...(hint && { hint }) })),
    renderItem: (_, api) => {
      const at = api.value(0);
      const low = api.coord(turn(at, api.value(1)));
      const high = api.coord(turn(at, api.value(2)));
      const cap = ([x, y]: number[]): object => {
        const [dx, dy] = turn(CAP_PX, 0) as [number, number];
        return line([x! - dx, y! - dy], [x! + dx, y! + dy]);
      };
      const line = ([x1, y1]: number[], [x2, y2]: number[]): object => ({
        type: 'line',
        shape: { x1, y1, x2, y2 },
        style: { stroke: colour, lineWidth: 1.25 },
      });
      return { type: 'group', children: [line(low, high), cap(low), cap(high)] } as never;
    },
  };
}

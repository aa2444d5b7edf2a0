import type { CustomSeriesOption } from 'echarts';

/** From `low` to `high` at one place of the other axis. */
export interface Whisker {
  at: number;
  low: number;
  high: number;
}

const CAP_PX = 4;

/** Intervals as lines with ends, on the values that they belong to, or `shiftPx` beside them where several stand at one place. */
export function whiskers(
  all: readonly Whisker[],
  colour: string,
  direction: 'vertical' | 'horizontal',
  shiftPx = 0,
): CustomSeriesOption {
  const turn = <T>(at: T, along: T): [T, T] => (direction === 'vertical' ? [at, along] : [along, at]);
  const beside = ([x, y]: number[]): [number, number] => {
    const [dx, dy] = turn(shiftPx, 0);
    return [x! + dx, y! + dy];
  };
  return {
    type: 'custom',
    z: 5,
    silent: true,
    clip: true,
    encode: direction === 'vertical' ? { x: 0, y: [1, 2] } : { x: [1, 2], y: 0 },
    data: all.map(({ at, low, high }) => ({ value: [at, low, high] })),
    renderItem: (_, api) => {
      const at = api.value(0);
      const low = beside(api.coord(turn(at, api.value(1))));
      const high = beside(api.coord(turn(at, api.value(2))));
      const cap = ([x, y]: number[]): object => {
        const [dx, dy] = turn(CAP_PX, 0);
        return line([x! - dx, y! - dy], [x! + dx, y! + dy], colour);
      };
      return { type: 'group', children: [line(low, high, colour), cap(low), cap(high)] } as never;
    },
  };
}

const line = ([x1, y1]: number[], [x2, y2]: number[], stroke: string): object => ({
  type: 'line',
  shape: { x1, y1, x2, y2 },
  style: { stroke, lineWidth: 1.25 },
});

import type { CustomSeriesOption } from 'echarts';
import type { Theme } from './palette.ts';

/** Where a line ends, and what it is called. */
export interface End {
  text: string;
  colour: string;
  x: number;
  y: number;
}

const GAP_PX = 15;
const FONT_PX = 12;

/** Names in a column to the right of a picture, each joined to the end of its line, none over another. */
export function endLabels(ends: readonly End[], { ink }: Theme, roomPx: number): CustomSeriesOption {
  return {
    type: 'custom',
    silent: true,
    clip: false,
    z: 6,
    encode: { x: 0, y: 1 },
    data: ends.map(({ x, y }) => [x, y]),
    renderItem: ({ dataIndex, coordSys }, api) => {
      const { x: left, y: top, width, height } = coordSys as unknown as Record<'x' | 'y' | 'width' | 'height', number>;
      const points = ends.map(({ x, y }) => api.coord([x, y]) as [number, number]);
      const [x, y] = points[dataIndex]!;
      const labelY = spread(
        points.map((point) => point[1]),
        top,
        top + height,
      )[dataIndex]!;
      const column = left + width + 16;
      const { text, colour } = ends[dataIndex]!;
      const shape = {
        points: [
          [x + 5, y],
          [column - 12, y],
          [column - 3, labelY],
        ],
      };
      return {
        type: 'group',
        children: [
          { type: 'polyline', shape, style: { stroke: colour, fill: 'none', lineWidth: 1, opacity: 0.55 } },
          {
            type: 'text',
            style: {
              text,
              x: column,
              y: labelY,
              fill: ink,
              verticalAlign: 'middle',
              fontSize: FONT_PX,
              width: roomPx,
              overflow: 'truncate',
            },
          },
        ],
      } as never;
    },
  };
}

/** Moves positions apart as little as the gap asks for, within the limits; exported for its test. */
export function spread(wanted: readonly number[], top: number, bottom: number): number[] {
  const gap = Math.min(GAP_PX, (bottom - top) / Math.max(1, wanted.length - 1));
  const order = [...wanted.keys()].toSorted((a, b) => wanted[a]! - wanted[b]! || a - b);
  const placed = wanted.map((at) => Math.min(Math.max(at, top), bottom));
  order.forEach((index, position) => {
    if (position > 0) placed[index] = Math.max(placed[index]!, placed[order[position - 1]!]! + gap);
  });
  // What was pushed over the lower limit pushes the others back.
  let limit = bottom;
  for (const index of order.toReversed()) {
    placed[index] = Math.min(placed[index]!, limit);
    limit = placed[index] - gap;
  }
  return placed;
}

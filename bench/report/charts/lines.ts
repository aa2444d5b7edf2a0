import type { EChartsOption, LineSeriesOption, SeriesOption } from 'echarts';
import type { Hint, View } from './chart.ts';
import { frame, nameRoomPx } from './frame.ts';
import { whiskers } from './whiskers.ts';

/** A point with the range of the trials, where there are several. */
export interface Point {
  x: number;
  y: number;
  low?: number;
  high?: number;
  hint: Hint['lines'];
  /** From here on the curve is only a lower bound: it is dashed. */
  bound?: boolean;
}

export interface Line {
  model: string;
  points: readonly Point[];
}

const MARKERS = ['circle', 'rect', 'triangle', 'diamond', 'roundRect'];

/** One line a model, labelled at its end; ranges as whiskers. `xAxis` and `yAxis` as for echarts. */
export function lines(all: readonly Line[], view: View, axes: { xAxis: object; yAxis: object }, symbolPx = 6): EChartsOption {
  const room = nameRoomPx(
    all.map(({ model }) => model),
    view.widthPx,
    0.34,
  );
  return {
    ...frame(view.theme),
    grid: { left: 58, right: room + 4, top: 30, bottom: 48 },
    ...axes,
    series: all.flatMap((line, index) => seriesOf(line, index, view, room, symbolPx)),
  };
}

function seriesOf(
  { model, points }: Line,
  index: number,
  { palette, theme }: View,
  room: number,
  symbolPx: number,
): SeriesOption[] {
  const colour = palette.of(model);
  const firstBound = points.findIndex(({ bound }) => bound);
  const sure = firstBound < 0 ? points : points.slice(0, firstBound);
  // The dashed part begins where the sure one ends.
  const unsure = firstBound < 0 ? [] : points.slice(Math.max(0, firstBound - 1));
  const line = (some: readonly Point[], changes: Partial<LineSeriesOption>): LineSeriesOption => ({
    type: 'line',
    name: model,
    symbol: MARKERS[index % MARKERS.length]!,
    symbolSize: symbolPx,
    itemStyle: { color: colour },
    lineStyle: { color: colour, width: 2 },
    emphasis: { focus: 'series' },
    data: some.map(({ x, y, hint }) => ({ value: [x, y], hint: { title: model, lines: hint } })),
    ...changes,
  });
  const label = {
    endLabel: {
      show: true,
      formatter: () => model,
      color: theme.ink,
      distance: 7,
      width: room,
      overflow: 'truncate',
      fontSize: 12,
    },
    labelLayout: { moveOverlap: 'shiftY' },
  } as const;
  const ranges = points.flatMap(({ x, low, high }) => (low === undefined || high === undefined ? [] : [{ at: x, low, high }]));
  const isDashed = unsure.length > 0;
  return [
    ...(sure.length > 0 ? [line(sure, isDashed ? {} : label)] : []),
    ...(isDashed ? [line(unsure, { ...label, lineStyle: { color: colour, width: 2, type: 'dashed' } })] : []),
    ...(ranges.length > 0 ? [{ ...whiskers(ranges, colour, 'vertical'), name: model }] : []),
  ];
}

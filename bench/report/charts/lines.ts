import type { EChartsOption, LineSeriesOption, SeriesOption } from 'echarts';
import type { Hint, View } from './chart.ts';
import { endLabels } from './end-labels.ts';
import { area, frame, LEFT_PX, nameRoomPx } from './frame.ts';
import { whiskers } from './whiskers.ts';

/** A point with the range of the trials, where there are several. */
export interface Point {
  x: number;
  y: number;
  low?: number;
  high?: number;
  hint: Hint['lines'];
  /** From here on the curve is only a lower bound, or a prediction: it is dashed. */
  bound?: boolean;
}

export interface Line {
  model: string;
  points: readonly Point[];
}

/** In which the ranges at one place stand. */
const BESIDE_PX = 36;
const MARKERS = ['circle', 'rect', 'triangle', 'diamond', 'roundRect'];

/** One line a model, labelled at its end; ranges as whiskers. `xAxis` and `yAxis` as for echarts. */
export function lines(all: readonly Line[], view: View, axes: { xAxis: object; yAxis: object }, symbolPx = 6): EChartsOption {
  const room = nameRoomPx(
    all.map(({ model }) => model),
    view.widthPx,
    0.34,
  );
  const ends = all.map(({ model, points }) => {
    const { x, y } = points.at(-1)!;
    return { text: model, colour: view.palette.of(model), x, y };
  });
  return {
    ...frame(view.theme),
    grid: area({ left: LEFT_PX, right: room + 16, top: 30, bottom: 48 }),
    ...axes,
    series: [...all.flatMap((line, index) => seriesOf(line, index, all.length, view, symbolPx)), endLabels(ends, view.theme, room)],
  };
}

function seriesOf({ model, points }: Line, index: number, lineCount: number, { palette }: View, symbolPx: number): SeriesOption[] {
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
  // Side by side, as those of all lines stand at the same places.
  const shiftPx = (index - (lineCount - 1) / 2) * Math.min(5, BESIDE_PX / lineCount);
  const ranges = points.flatMap(({ x, low, high }) => (low === undefined || high === undefined ? [] : [{ at: x, low, high }]));
  return [
    ...(sure.length > 0 ? [line(sure, {})] : []),
    ...(unsure.length > 0 ? [line(unsure, { lineStyle: { color: colour, width: 2, type: 'dashed' } })] : []),
    ...(ranges.length > 0 ? [{ ...whiskers(ranges, colour, 'vertical', shiftPx), name: model }] : []),
  ];
}

import type { EChartsOption } from 'echarts';
import type { Interval } from '../../statistics/order.ts';
import type { Hint, View } from './chart.ts';
import { area, frame, nameAxis, nameRoomPx, numberAxis, textWidthPx } from './frame.ts';
import { whiskers } from './whiskers.ts';

/** A figure of a model, with the interval in which it lies where there are several trials. */
export interface Bar {
  model: string;
  value: number;
  interval: Interval | undefined;
  /** The figure as text, written beside the bar. */
  label: string;
  hint: Hint['lines'];
}

const ROW_PX = 27;
const AXIS_PX = 52;

export const barsHeightPx = (count: number): number => count * ROW_PX + AXIS_PX;

/** Horizontal bars from zero, one a model in the order given, each with its interval and its figure. */
export function bars(
  all: readonly Bar[],
  { theme, palette, widthPx }: View,
  axis: string,
  format: (value: number) => string,
): EChartsOption {
  const names = all.map(({ model }) => model);
  const room = nameRoomPx(names, widthPx);
  const hints = all.map(({ model, hint }) => ({ title: model, lines: hint }));
  const ends = all.map(({ value, interval }) => Math.max(value, interval?.high ?? value));
  return {
    ...frame(theme),
    grid: area({ left: room, right: textWidthPx(all.map(({ label }) => label)) + 12, top: 4, bottom: AXIS_PX - 4 }),
    xAxis: { ...numberAxis(theme, axis, format, { ticks: widthPx < 500 ? 3 : 5 }), min: 0 },
    yAxis: nameAxis(theme, names, room),
    series: [
      {
        type: 'bar',
        barWidth: 15,
        itemStyle: { borderRadius: [0, 2, 2, 0] },
        data: all.map(({ model, value }, index) => ({ value, hint: hints[index], itemStyle: { color: palette.of(model) } })),
      },
      whiskers(
        all.flatMap(({ interval }, at) => (interval === undefined ? [] : [{ at, low: interval.low, high: interval.high }])),
        theme.ink,
        'horizontal',
      ),
      {
        type: 'custom',
        silent: true,
        clip: false,
        encode: { x: 0, y: 1 },
        data: ends.map((end, row) => [end, row]),
        renderItem: ({ dataIndex }, api) => {
          const [x, y] = api.coord([api.value(0), api.value(1)]);
          const style = {
            text: all[dataIndex]!.label,
            x: x! + 8,
            y: y!,
            fill: theme.ink,
            verticalAlign: 'middle',
            fontSize: 12,
          } as const;
          return { type: 'text', style };
        },
      },
    ],
  };
}

import type { EChartsOption, XAXisComponentOption, YAXisComponentOption } from 'echarts';
import { FONT, type Theme } from './palette.ts';

type ValueAxis = Extract<XAXisComponentOption & YAXisComponentOption, { type?: 'value' }>;

/** What all pictures have in common. */
export const frame = ({ ink }: Theme): EChartsOption => ({
  animation: false,
  backgroundColor: 'transparent',
  textStyle: { fontFamily: FONT, color: ink, fontSize: 12 },
});

/** Room for the labels of a vertical axis of numbers. */
export const LEFT_PX = 58;

/** An axis of numbers. A logarithmic one says so in its name; a vertical one has it above. */
export function numberAxis(
  { muted, rule }: Theme,
  name: string,
  format: (value: number) => string,
  changes: { log?: boolean; above?: boolean; lines?: boolean; ticks?: number } = {},
): object {
  const { log = false, above = false, lines = true, ticks = 5 } = changes;
  return {
    type: log ? 'log' : 'value',
    name: log ? `${name} (log scale)` : name,
    nameLocation: above ? 'end' : 'middle',
    nameGap: above ? 12 : 30,
    nameTextStyle: { color: muted, ...(above && { align: 'left', padding: [0, 0, 0, 8 - LEFT_PX] }) },
    splitNumber: ticks,
    axisLabel: { color: muted, formatter: format, hideOverlap: true },
    axisLine: { show: false },
    axisTick: { show: false },
    minorSplitLine: { show: false },
    splitLine: { show: lines, lineStyle: { color: rule } },
  } satisfies Partial<Record<keyof ValueAxis, unknown>>;
}

/** An axis of models, the first on top. */
export const nameAxis = ({ ink, rule }: Theme, names: readonly string[], roomPx: number): YAXisComponentOption => ({
  type: 'category',
  inverse: true,
  data: [...names],
  axisLine: { lineStyle: { color: rule } },
  axisTick: { show: false },
  axisLabel: { color: ink, interval: 0, width: roomPx - 10, overflow: 'truncate' },
});

/** Where the data are drawn, in px from the edges: exactly there, whatever is written beside it. */
export const area = (edges: { left: number; right: number; top: number; bottom?: number; height?: number }): object => ({
  ...edges,
  outerBoundsMode: 'none',
});

/** About how wide a text of so many characters is, at the size that the pictures use. */
export const textWidthPx = (texts: readonly string[]): number => Math.ceil(Math.max(0, ...texts.map(({ length }) => length)) * 6.9);

/** Room for names beside a picture: as much as they need, at most a share of the whole. */
export const nameRoomPx = (names: readonly string[], widthPx: number, share = 0.38): number =>
  Math.min(textWidthPx(names) + 12, Math.floor(widthPx * share));

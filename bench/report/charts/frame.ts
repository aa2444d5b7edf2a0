import type { EChartsOption, XAXisComponentOption, YAXisComponentOption } from 'echarts';
import { FONT, type Theme } from './palette.ts';

type ValueAxis = Extract<XAXisComponentOption & YAXisComponentOption, { type?: 'value' }>;

/** What all pictures have in common. */
export const frame = ({ ink }: Theme): EChartsOption => ({
  animation: false,
  backgroundColor: 'transparent',
  textStyle: { fontFamily: FONT, color: ink, fontSize: 12 },
});

/** An axis of numbers. A logarithmic one says so in its name. */
export function numberAxis(
  { muted, rule }: Theme,
  name: string,
  format: (value: number) => string,
  changes: { log?: boolean; position?: 'start' | 'middle' | 'end'; gap?: number; lines?: boolean; ticks?: number } = {},
): object {
  const { log = false, position = 'middle', gap = 30, lines = true, ticks = 5 } = changes;
  return {
    type: log ? 'log' : 'value',
    name: log ? `${name} (log scale)` : name,
    nameLocation: position,
    nameGap: gap,
    nameTextStyle: { color: muted },
    splitNumber: ticks,
    axisLabel: { color: muted, formatter: format, hideOverlap: true },
    axisLine: { show: false },
    axisTick: { show: false },
    minorSplitLine: { show: false },
    splitLine: { show: lines, lineStyle: { color: rule } },
  } satisfies Partial<Record<keyof ValueAxis, unknown>>;
}

/** About how wide a text of so many characters is, at the size that the pictures use. */
export const textWidthPx = (texts: readonly string[]): number => Math.ceil(Math.max(0, ...texts.map(({ length }) => length)) * 6.9);

/** Room for names beside a picture: as much as they need, at most a share of the whole. */
export const nameRoomPx = (names: readonly string[], widthPx: number, share = 0.38): number =>
  Math.min(textWidthPx(names) + 12, Math.floor(widthPx * share));

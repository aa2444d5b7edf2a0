import type { BarSeriesOption } from 'echarts';
import type { Timeline } from '../../../loadgen/timeline.ts';
import { barsHeightPx } from './bars.ts';
import type { Chart } from './chart.ts';
import { area, frame, nameAxis, nameRoomPx, numberAxis } from './frame.ts';
import { looksOf, noLook, workerNames } from './looks.ts';

export const accepts: Chart = {
  id: 'accepts',
  title: 'Who gets the connections',
  about:
    "How many of the connections of the timeline's moment each worker got: it handled their first message. One piece a worker, a process or a thread; a model with one worker has one piece.",
  draw(view) {
    const looks = looksOf(view).map(({ model, timeline }) => ({ model, timeline, counts: connectionsByWorker(timeline) }));
    if (looks.length === 0) return noLook(view);
    const { theme, palette, widthPx } = view;
    const names = looks.map(({ model }) => model);
    const most = Math.max(...looks.map(({ counts }) => counts.length));
    const room = nameRoomPx(names, widthPx);
    return {
      state: 'drawn',
      heightPx: barsHeightPx(looks.length),
      option: {
        ...frame(theme),
        grid: area({ left: room, right: 24, top: 4, bottom: 48 }),
        xAxis: { ...numberAxis(theme, 'connections', String, { ticks: widthPx < 500 ? 3 : 5 }), min: 0 },
        yAxis: nameAxis(theme, names, room),
        series: Array.from({ length: most }, (_, worker): BarSeriesOption => ({
          type: 'bar',
          stack: 'workers',
          barWidth: 15,
          itemStyle: { borderColor: theme.background, borderWidth: 1 },
          data: looks.map(({ model, timeline, counts }) => {
            const value = counts[worker] ?? 0;
            const hint = { title: model, lines: [[workerNames(timeline)[worker] ?? '', `${value} connections`]] };
            return { value, hint, itemStyle: { color: palette.of(model, worker) } };
          }),
        })),
      },
      table: {
        caption: 'Connections whose first message each worker handled',
        heads: ['model', 'workers', 'connections', 'by worker'],
        rows: looks.map(({ model, counts }) => [
          model,
          String(counts.length),
          String(counts.reduce((sum, count) => sum + count, 0)),
          counts.join(', '),
        ]),
      },
    };
  },
};

/** Of those that were answered at all. */
export function connectionsByWorker({ workers, messages }: Timeline): number[] {
  const seen = new Set<number>();
  const counts = workers.map(() => 0);
  for (const { connection, answer } of messages) {
    if (answer === null || seen.has(connection)) continue;
    seen.add(connection);
    counts[answer.worker]! += 1;
  }
  return counts;
}

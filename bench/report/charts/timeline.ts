import type { CustomSeriesOption } from 'echarts';
import { formatNs } from '../format.ts';
import type { Chart, View } from './chart.ts';
import { area, frame, LEFT_PX, numberAxis } from './frame.ts';
import { looksOf, noLook, workerNames, type Look } from './looks.ts';

const ROW_PX = 15;
const TITLE_PX = 34;
const AXIS_PX = 46;

export const timeline: Chart = {
  id: 'timeline',
  title: 'Who served which client when',
  about:
    'The first tenth of a second of one trial a model, from real events: a thin line is a message from its sending to its reply, the block on it is when a worker of the server worked on it, in the colour of that worker. Each row is a client that sends four messages, leaves and comes again; a tick marks each new connection. Dashed: unanswered when the moment was over.',
  draw(view) {
    const looks = looksOf(view);
    if (looks.length === 0) return noLook(view);
    const panels = place(looks);
    const endNs = Math.max(...looks.map(lastNs));
    const { theme } = view;
    return {
      state: 'drawn',
      heightPx: panels.at(-1)!.top + panels.at(-1)!.height + AXIS_PX,
      option: {
        ...frame(theme),
        title: panels.map(({ look, top }) => ({
          text: `${look.model}   {rest|${workersInWords(look)}}`,
          left: 0,
          top: top - 24,
          padding: 0,
          textStyle: {
            color: theme.ink,
            fontSize: 13,
            fontWeight: 600,
            rich: { rest: { color: theme.muted, fontSize: 12, fontWeight: 400 } },
          },
        })),
        grid: panels.map(({ top, height }) => area({ left: LEFT_PX, right: 14, top, height })),
        xAxis: panels.map((_, index) => ({
          ...numberAxis(theme, index === panels.length - 1 ? 'time since the first message' : '', formatNs),
          axisLabel: { show: index === panels.length - 1, color: theme.muted, formatter: formatNs, showMaxLabel: false },
          gridIndex: index,
          min: 0,
          max: endNs,
        })),
        yAxis: panels.map(({ look }, index) => ({
          type: 'category' as const,
          gridIndex: index,
          inverse: true,
          data: clientsOf(look).map((slot) => `client ${slot + 1}`),
          axisLine: { show: false },
          axisTick: { show: false },
          axisLabel: { color: theme.muted, fontSize: 10, interval: 0 },
        })),
        series: panels.map(({ look }, index) => eventsOf(look, index, view)),
      },
      table: {
        caption: 'Messages of the moment',
        heads: ['model', 'workers', 'messages', 'unanswered', 'longest wait for a worker', 'longest wait in all'],
        rows: looks.map(rowOf),
      },
    };
  },
};

/** Panels below one another. */
function place(looks: readonly Look[]): { look: Look; top: number; height: number }[] {
  let top = TITLE_PX;
  return looks.map((look) => {
    const panel = { look, top, height: clientsOf(look).length * ROW_PX };
    top += panel.height + TITLE_PX + 4;
    return panel;
  });
}

const clientsOf = ({ timeline: { messages } }: Look): number[] =>
  [...new Set(messages.map(({ slot }) => slot))].toSorted((a, b) => a - b);

const lastNs = ({ timeline: { messages }, durationNs }: Look): number =>
  Math.max(durationNs, ...messages.map(({ sentNs, answer }) => answer?.answeredNs ?? sentNs));

function workersInWords({ timeline: { workers } }: Look): string {
  return workers.length === 1 ? 'one worker' : `${workers.length} workers`;
}

function rowOf({ model, timeline: { workers, messages } }: Look): string[] {
  const answered = messages.flatMap(({ sentNs, answer }) => (answer === null ? [] : { sentNs, ...answer }));
  return [
    model,
    String(workers.length),
    String(messages.length),
    String(messages.length - answered.length),
    longest(answered.map(({ sentNs, begunNs }) => begunNs - sentNs)),
    longest(answered.map(({ sentNs, answeredNs }) => answeredNs - sentNs)),
  ];
}

const longest = (waits: number[]): string => (waits.length === 0 ? '–' : formatNs(Math.max(0, ...waits)));

/** [client's row, sent, answered, begun, ended]; a message without an answer has no begin and lasts to the end. */
function eventsOf(look: Look, panel: number, { palette, theme }: View): CustomSeriesOption {
  const { model, timeline: own } = look;
  const clients = clientsOf(look);
  const names = workerNames(own);
  const seen = new Set<number>();
  const isFirst = own.messages.map(({ connection }) => !seen.has(connection) && !!seen.add(connection));
  return {
    type: 'custom',
    name: model,
    xAxisIndex: panel,
    yAxisIndex: panel,
    encode: { x: [1, 2], y: 0 },
    data: own.messages.map(({ slot, connection, sentNs, answer }) => ({
      value: [clients.indexOf(slot), sentNs, answer?.answeredNs ?? lastNs(look), answer?.begunNs ?? NaN, answer?.endedNs ?? NaN],
      hint: {
        title: `${model}, client ${slot + 1}`,
        lines: [
          ['connection', String(connection + 1)],
          ['sent at', formatNs(sentNs)],
          ['waited', answer === null ? 'to the end, unanswered' : formatNs(Math.max(0, answer.begunNs - sentNs))],
          ...(answer === null
            ? []
            : [
                ['worked on for', formatNs(answer.endedNs - answer.begunNs)],
                ['by', names[answer.worker]!],
              ]),
        ],
      },
    })),
    renderItem: ({ dataIndex }, api) => {
      const { answer } = own.messages[dataIndex]!;
      const row = api.value(0);
      const [x1, y] = api.coord([api.value(1), row]) as [number, number];
      const [x2] = api.coord([api.value(2), row]) as [number, number];
      const line = (fromX: number, fromY: number, toX: number, toY: number, style: object): object => ({
        type: 'line',
        shape: { x1: fromX, y1: fromY, x2: toX, y2: toY },
        style: { stroke: theme.muted, lineWidth: 1, ...style },
      });
      const children = [line(x1, y, x2, y, { opacity: 0.75, ...(answer === null && { lineDash: [3, 3] }) })];
      if (isFirst[dataIndex]) children.push(line(x1, y - 5, x1, y + 5, { stroke: theme.ink }));
      if (answer !== null) {
        const [begun] = api.coord([api.value(3), row]) as [number, number];
        const [ended] = api.coord([api.value(4), row]) as [number, number];
        const shape = { x: begun, y: y - 5, width: Math.max(1.5, ended - begun), height: 10, r: 1 };
        children.push({ type: 'rect', shape, style: { fill: palette.of(model, answer.worker) } });
      }
      // Something to point at, as thin lines are missed.
      children.push({
        type: 'rect',
        shape: { x: x1, y: y - 6, width: Math.max(2, x2 - x1), height: 12 },
        style: { fill: 'transparent' },
      });
      return { type: 'group', children } as never;
    },
  };
}

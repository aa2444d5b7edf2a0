import { median } from '../../statistics/order.ts';
import { formatNs } from '../format.ts';
import { nothing } from './absence.ts';
import { workloadRows, type Chart, type Row } from './chart.ts';
import { numberAxis } from './frame.ts';
import { lines, type Point } from './lines.ts';

/** Those at which the range of the trials is drawn, and which the table has. */
const MARKED = [0.5, 0.9, 0.99, 0.999, 0.9999];

export const percentiles: Chart = {
  id: 'percentiles',
  title: 'Latency percentiles',
  about:
    'How many of the replies came within which time: median over the trials, with their whole range at p50, p90, p99 and p99.9. Both axes are logarithmic: each step to the right has ten times fewer replies beyond it. A curve ends where fewer than ten samples lie beyond; dashed is only a lower bound, as requests were never answered.',
  draw(view) {
    const rows = workloadRows(view);
    if (rows.length === 0) return nothing(view);
    const all = rows.map((row) => ({ model: row.model, curve: pooled(row) })).filter(({ curve }) => curve.length > 0);
    if (all.length === 0)
      return { state: 'absent', reason: 'Too few replies for any percentile.', command: 'npm run bench -- --duration 2s' };
    const last = Math.max(...all.map(({ curve }) => nines(curve.at(-1)!.share)));
    const ticks = MARKED.map(nines).filter((tick) => tick <= last + 0.01);
    const xAxis = numberAxis(view.theme, 'share of the replies, log scale of the rest', (value) => percent(1 - 10 ** -value), {
      lines: true,
    });
    const drawn = all.map(({ model, curve }) => ({ model, points: curve.map(toPoint) }));
    return {
      state: 'drawn',
      option: lines(
        drawn,
        view,
        {
          xAxis: {
            ...xAxis,
            min: 0,
            max: Math.max(1, last),
            axisLabel: {
              color: view.theme.muted,
              customValues: view.widthPx < 500 ? ticks : [0, ...ticks],
              formatter: (value: number) => percent(1 - 10 ** -value),
            },
            axisTick: { show: false, customValues: ticks },
            splitLine: { show: false },
          },
          yAxis: numberAxis(view.theme, 'latency', formatNs, { log: true, above: true }),
        },
        3,
      ),
      heightPx: 400,
      table: {
        caption: `Latency percentiles, ${view.workload}: median over the trials`,
        heads: ['model', ...MARKED.map(nameOf)],
        rows: all.map(({ model, curve }) => [model, ...MARKED.map((share) => textOf(curve.find((at) => at.share === share)))]),
      },
    };
  },
};

interface At {
  share: number;
  ns: number;
  low: number;
  high: number;
  trials: number;
  bound: boolean;
}

/** Over the trials, at the percentiles that all of them have. */
function pooled({ results }: Row): At[] {
  const curves = results.map(({ latencyCurve }) => new Map(latencyCurve.points));
  const boundFrom = Math.min(...results.map(({ latencyCurve }) => latencyCurve.lowerBoundFrom ?? Infinity));
  const shares = [...(curves[0]?.keys() ?? [])].filter((share) => curves.every((curve) => curve.has(share)));
  return shares.map((share) => {
    const values = curves.map((curve) => curve.get(share)!);
    return {
      share,
      ns: median(values),
      low: Math.min(...values),
      high: Math.max(...values),
      trials: values.length,
      bound: share >= boundFrom,
    };
  });
}

function toPoint(at: At): Point {
  const { share, ns, low, high, trials, bound } = at;
  return {
    x: nines(share),
    y: ns,
    bound,
    ...(trials > 1 && MARKED.includes(share) && { low, high }),
    hint: [
      [nameOf(share), textOf(at)],
      ...(trials > 1 ? [['range of the trials', `${formatNs(low)} to ${formatNs(high)}`] as const] : []),
    ],
  };
}

/** 1 for 90 %, 2 for 99 %, … */
const nines = (share: number): number => -Math.log10(1 - share);
const percent = (share: number): string => `${Number((share * 100).toFixed(3))} %`;
const nameOf = (share: number): string => `p${Number((share * 100).toFixed(3))}`;
const textOf = (at: At | undefined): string => (at === undefined ? '–' : `${at.bound ? '≥' : ''}${formatNs(at.ns)}`);

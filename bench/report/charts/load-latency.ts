import { median } from '../../statistics/order.ts';
import { formatCount, formatLatency, formatNs, formatRate } from '../format.ts';
import { rowsOf, type Chart, type Row } from './chart.ts';
import { numberAxis } from './frame.ts';
import { lines, type Line } from './lines.ts';

/** A model at a rate that was asked for, over all trials that asked for it. */
interface Loaded {
  model: string;
  workload: string;
  askedPerSecond: number;
  achievedPerSecond: number;
  p50Ns: number | undefined;
  /** Of each trial that tells. */
  p99Ns: readonly number[];
  /** One of them is only a lower bound. */
  bound: boolean;
}

export const loadLatency: Chart = {
  id: 'load-latency',
  title: 'Latency against load',
  about:
    'Open loop: messages leave at planned times, whatever comes back, and response times count from the planned time. The 99th percentile (log scale) over the rate that was asked for, also in each step of a search for the highest rate; a server bends upwards where it reaches its limit. Dashed is only a lower bound, as messages were never answered.',
  draw(view) {
    const rows = rowsOf(view, () => true);
    const loaded = [...rows.flatMap(atPlannedRate), ...rows.flatMap(alongCurve)].filter(({ p99Ns }) => p99Ns.length > 0);
    if (loaded.length === 0) {
      const reason = 'This run has no messages at planned rates, or the filter leaves none.';
      return { state: 'absent', reason, command: 'npm run bench -- --workloads rate' };
    }
    const ordered = loaded.toSorted((a, b) => a.askedPerSecond - b.askedPerSecond);
    return {
      state: 'drawn',
      option: lines(linesOf(ordered), view, {
        xAxis: { ...numberAxis(view.theme, 'messages per second asked for', formatRate, { lines: false }), min: 0 },
        yAxis: numberAxis(view.theme, 'p99 response time', formatNs, { log: true, above: true }),
      }),
      heightPx: 340,
      table: {
        caption: 'Response times at planned rates: median over the trials',
        heads: ['model', 'workload', 'asked for', 'reached', 'p50', 'p99'],
        rows: ordered
          .toSorted((a, b) => a.model.localeCompare(b.model) || a.workload.localeCompare(b.workload))
          .map((each) => [each.model, each.workload, ...cells(each)]),
      },
    };
  },
};

function atPlannedRate({ model, cell, summary, results }: Row): Loaded[] {
  const { rate } = cell.knobs;
  if (rate === undefined) return [];
  const { p50, p99 } = summary.latencyNs;
  const p99Ns = results.flatMap(({ latencyNs }) => latencyNs.p99 ?? []);
  return [
    {
      model,
      workload: cell.workload,
      askedPerSecond: rate,
      achievedPerSecond: summary.messagesPerSecond,
      p50Ns: p50?.ns,
      p99Ns,
      bound: p99?.lowerBound ?? false,
    },
  ];
}

/** The valid steps of searches; those of several trials at one rate together. */
function alongCurve({ model, cell, results }: Row): Loaded[] {
  const points = results.flatMap(({ loadCurve }) => loadCurve?.points.filter(({ verdict }) => verdict !== 'void') ?? []);
  return [...new Set(points.map(({ askedPerSecond }) => askedPerSecond))].map((askedPerSecond) => {
    const here = points.filter((point) => point.askedPerSecond === askedPerSecond);
    const p50s = here.flatMap(({ p50Ns }) => p50Ns ?? []);
    return {
      model,
      workload: cell.workload,
      askedPerSecond,
      achievedPerSecond: median(here.map((point) => point.achievedPerSecond)),
      p50Ns: p50s.length === 0 ? undefined : median(p50s),
      p99Ns: here.flatMap(({ p99Ns }) => p99Ns ?? []),
      bound: false,
    };
  });
}

function cells({ askedPerSecond, achievedPerSecond, p50Ns, p99Ns, bound }: Loaded): string[] {
  return [
    `${formatCount(askedPerSecond)}/s`,
    `${formatCount(achievedPerSecond)}/s`,
    formatLatency(p50Ns === undefined ? undefined : { ns: p50Ns, lowerBound: false }),
    formatLatency({ ns: median(p99Ns), lowerBound: bound }),
  ];
}

function linesOf(loaded: readonly Loaded[]): Line[] {
  return [...new Set(loaded.map(({ model }) => model))].map((model) => ({
    model,
    points: loaded
      .filter((each) => each.model === model)
      .map((each) => {
        const [asked, reached, p50, p99] = cells(each);
        return {
          x: each.askedPerSecond,
          y: median(each.p99Ns),
          bound: each.bound,
          ...(each.p99Ns.length > 1 && { low: Math.min(...each.p99Ns), high: Math.max(...each.p99Ns) }),
          hint: [
            ['asked for', asked!],
            ['reached', reached!],
            ['p50', p50!],
            ['p99', p99!],
          ],
        };
      }),
  }));
}

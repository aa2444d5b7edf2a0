import type { RunResult } from './result.ts';
import { summarize, type MeasuredSummary } from './summary.ts';

/** The service that somebody has in mind. */
export interface Wish {
  connections: number;
  /** Share of the connections that are busy at once, 0 to 1. */
  activeShare: number;
  /** CPU time that a message costs beside receiving and sending it. */
  workNs: number;
  /** How many clients hear of each message; 1 is its sender alone. */
  fanOut: number;
}

export interface Advice {
  /** The best first. */
  suitable: Suggestion[];
  unsuitable: { model: string; reason: string }[];
  /** What the estimates had to do without, and how to measure it. */
  notMeasured: string[];
}

export interface Suggestion {
  model: string;
  /** Messages of the wish that the server could handle, estimated from the rows. */
  messagesPerSecond: number;
  /** Which rows the estimate is made of. */
  reason: string;
}

interface Row {
  model: string;
  workload: string;
  connections: number;
  summary: MeasuredSummary;
}

/** Rows more than so many times away from the wish are named as a gap. */
const NEAR = 4;

/**
 * Which of the measured models suit the wish. A message is taken to cost the time of one echo at about so many busy
 * connections, plus its work in relation to that of the `hash` rows, plus one delivery of the `chat` rows for each further
 * listener: times are the inverse of measured rates, so that whatever limits a model is in them.
 */
export function advise(run: RunResult, wish: Wish): Advice {
  const rows = run.cells.flatMap((cell): Row[] => {
    const summary = summarize(cell);
    // At a planned rate a server does what it is asked, not what it can.
    if (cell.kind !== 'model' || summary.state !== 'measured' || cell.knobs.rate !== undefined) return [];
    return [{ model: cell.model, workload: cell.workload, connections: cell.knobs.connections, summary }];
  });
  const busy = Math.max(1, Math.round(wish.connections * wish.activeShare));
  const workOfHashNs = hashWorkNs(rows, busy);
  const models = [...new Set(rows.map(({ model }) => model))];
  const judged = models.map((model) =>
    judge(
      rows.filter((row) => row.model === model),
      wish,
      busy,
      workOfHashNs,
    ),
  );
  return {
    suitable: judged.flatMap(({ suggestion }) => suggestion ?? []).toSorted((a, b) => b.messagesPerSecond - a.messagesPerSecond),
    unsuitable: judged.flatMap(({ model, obstacle }) => (obstacle === undefined ? [] : [{ model, reason: obstacle }])),
    notMeasured: gaps(rows, wish, busy, workOfHashNs),
  };
}

function judge(
  own: readonly Row[],
  wish: Wish,
  busy: number,
  workOfHashNs: number | undefined,
): { model: string; suggestion?: Suggestion; obstacle?: string } {
  const { model } = own[0]!;
  const starved = own.find(
    ({ connections, summary }) => connections <= wish.connections && summary.connections.served < summary.connections.opened,
  );
  if (starved !== undefined && wish.connections > 1) {
    const { served, opened } = starved.summary.connections;
    return { model, obstacle: `served ${served} of ${opened} connections in ${starved.workload} ×${starved.connections}` };
  }
  const echo = nearest(own, 'echo', busy);
  if (echo === undefined) return { model, obstacle: 'has no echo row' };
  const [hash, chat] = [nearest(own, 'hash', busy), nearest(own, 'chat', busy)];
  if (wish.workNs > 0 && hash === undefined) return { model, obstacle: 'has no hash row, so what work costs it is not known' };
  if (wish.fanOut > 1 && chat === undefined)
    return { model, obstacle: 'has no chat row, so what a listener costs it is not known' };
  const parts = [{ what: `echo ×${echo.connections}`, ns: timeNs(echo) }];
  if (wish.workNs > 0 && hash !== undefined && workOfHashNs !== undefined) {
    const share = wish.workNs / workOfHashNs;
    parts.push({ what: `${share.toFixed(2)} × hash ×${hash.connections}`, ns: Math.max(0, timeNs(hash) - timeNs(echo)) * share });
  }
  if (wish.fanOut > 1 && chat !== undefined) {
    parts.push({ what: `${wish.fanOut - 1} × delivery in chat ×${chat.connections}`, ns: timeNs(chat) * (wish.fanOut - 1) });
  }
  const totalNs = parts.reduce((sum, { ns }) => sum + ns, 0);
  const reason = parts.map(({ what, ns }) => `${(ns / 1000).toFixed(1)} µs (${what})`).join(' + ');
  return { model, suggestion: { model, messagesPerSecond: 1e9 / totalNs, reason } };
}

const timeNs = ({ summary }: Row): number => 1e9 / summary.messagesPerSecond;

/** The row of a workload whose number of connections is nearest, as a ratio. */
function nearest(rows: readonly Row[], workload: string, connections: number): Row | undefined {
  const distance = (row: Row): number => Math.abs(Math.log(row.connections / connections));
  return rows.filter((row) => row.workload === workload).toSorted((a, b) => distance(a) - distance(b))[0];
}

/** CPU time that the work of the `hash` rows costs, those that estimates are made of: what the cheapest model uses more for it than for an echo. */
function hashWorkNs(rows: readonly Row[], busy: number): number | undefined {
  const costs = [...new Set(rows.map(({ model }) => model))].flatMap((name) => {
    const own = rows.filter(({ model }) => model === name);
    const hash = nearest(own, 'hash', busy);
    const echo = hash && nearest(own, 'echo', hash.connections);
    const [withWork, without] = [hash?.summary.cost?.cpuNsPerMessage, echo?.summary.cost?.cpuNsPerMessage];
    return withWork !== undefined && without !== undefined && withWork > without ? [withWork - without] : [];
  });
  return costs.length === 0 ? undefined : Math.min(...costs);
}

function gaps(rows: readonly Row[], wish: Wish, busy: number, workOfHashNs: number | undefined): string[] {
  const far = (have: number, want: number): boolean => have > want * NEAR || want > have * NEAR;
  const closest = (workload: string): number | undefined => nearest(rows, workload, busy)?.connections;
  const [echo, most] = [closest('echo'), Math.max(0, ...rows.map(({ connections }) => connections))];
  return [
    ...(echo !== undefined && far(echo, busy) ? [`echo with about ${busy} busy connections; the nearest row has ${echo}`] : []),
    ...(most * NEAR < wish.connections ? [`${wish.connections} open connections; the most in any row are ${most}`] : []),
    ...(wish.workNs > 0 && (workOfHashNs === undefined || far(workOfHashNs, wish.workNs))
      ? [
          `work of ${wish.workNs / 1000} µs a message; the hash rows have ${workOfHashNs === undefined ? 'none' : `${(workOfHashNs / 1000).toFixed(0)} µs`}`,
        ]
      : []),
    ...(wish.fanOut > 1 && closest('chat') === undefined ? ['any chat'] : []),
    ...(wish.activeShare < 1 && wish.connections > busy && !rows.some(({ workload }) => workload === 'idle')
      ? ['what idle connections cost']
      : []),
  ];
}

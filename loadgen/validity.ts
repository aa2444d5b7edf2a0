import type { LoadResult } from './result.ts';
import { countAll } from './tally.ts';

/** Why a figure should not be taken at face value, with what can be done about it. */
export interface Warning {
  code: WarningCode;
  value: number;
  limit: number;
  remedy: string;
}

export type WarningCode = keyof typeof conditions;

interface Condition {
  /** The measured value when it breaks the limit. */
  readonly broken: (result: Omit<LoadResult, 'warnings'>) => number | undefined;
  readonly limit: number;
  /** What the value means, in a few words. */
  readonly meaning: string;
  readonly remedy: string;
}

/** The closed list of everything that a run may say against itself. */
export const conditions = {
  'client-limited': {
    limit: 0.9,
    meaning: 'the load generator was busy nearly all the time and the server was not: the server could do more',
    remedy: 'use --transport epoll, more --workers, or deeper --pipelining',
    broken: ({ clientBusy, server }) => (server === undefined || server.busyCpus < clientBusy ? above(clientBusy, 0.9) : undefined),
  },
  'wrong-replies': {
    limit: 0,
    meaning: 'replies were missing, duplicated, reordered, corrupt or foreign: the speed means nothing',
    remedy: 'see errors; compare --framing, --size and the app with those of the server',
    broken: ({ errors }) => above(countAll(errors), 0),
  },
  'connections-broken': {
    limit: 0,
    meaning: 'connections were refused, reset or closed by the server',
    remedy: 'see failures; raise the backlog or descriptor limits of the server, or use fewer --connections',
    broken: ({ failures }) => above(countAll(failures), 0),
  },
  'connections-unserved': {
    limit: 0,
    meaning: 'connections never got a reply',
    remedy: 'the server serves fewer connections at once: use fewer --connections, or --messages-per-connection',
    broken: ({ connections }) => above(connections.opened - connections.served, 0),
  },
  'requests-unanswered': {
    limit: 0,
    meaning: 'requests had no reply when the run was over; their ages count as lower bounds of the latency',
    remedy: 'measure longer than the slowest reply takes',
    // Those on connections never served belong to the warning above.
    broken: ({ unanswered, connections, options }) =>
      above(unanswered - (connections.opened - connections.served) * options.pipelining, 0),
  },
  'too-few-samples': {
    limit: 10,
    meaning: 'fewer than ten samples lie beyond p99.9 or a lower percentile, which is not printed',
    remedy: 'measure longer',
    broken: ({ latencyNs }) => (latencyNs.p999 === null ? Math.round(latencyNs.count / 1000) : undefined),
  },
} as const satisfies Record<string, Condition>;

export function judge(result: Omit<LoadResult, 'warnings'>): Warning[] {
  return (Object.keys(conditions) as WarningCode[]).flatMap((code) => {
    const { broken, limit, remedy }: Condition = conditions[code];
    const value = broken(result);
    return value === undefined ? [] : [{ code, value, limit, remedy }];
  });
}

const above = (value: number, limit: number): number | undefined => (value > limit ? value : undefined);

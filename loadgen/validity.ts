import type { LoadResult } from './result.ts';
import { countAll } from './tally.ts';
import { BUSY } from './verdict.ts';

/** Why a figure should not be taken at face value, with what can be done about it. */
export interface Warning {
  code: WarningCode;
  value: number;
  limit: number;
  remedy: string;
}

/** A result before it is judged. */
export type Unjudged = Omit<LoadResult, 'warnings' | 'valid'>;

export type WarningCode = keyof typeof conditions;

interface Condition {
  /** What it is about makes the figures worthless, unless the user allows it; otherwise they are true but need to be read with it. */
  readonly invalidates: boolean;
  /** The measured value when it breaks the limit. */
  readonly broken: (result: Unjudged) => number | undefined;
  readonly limit: number;
  /** What the value means, in a few words. */
  readonly meaning: string;
  readonly remedy: string;
}

/** The closed list of everything that a run may say against itself. */
export const conditions = {
  'client-limited': {
    invalidates: true,
    limit: BUSY,
    meaning: 'the load generator had no CPU time left and the server had: the server could do more',
    remedy: 'use --transport epoll, more --workers, or deeper --pipelining',
    broken: ({ clientBusy, verdict }) => (verdict === 'client-limited' ? clientBusy : undefined),
  },
  'client-busy': {
    invalidates: false,
    limit: BUSY,
    meaning: 'the load generator had no CPU time left, and how busy the server was is not known',
    remedy: 'let sockbench start the server, after --, to learn which of both was the limit',
    broken: ({ clientBusy, server }) => (server === undefined ? above(clientBusy, BUSY) : undefined),
  },
  'wrong-replies': {
    invalidates: false,
    limit: 0,
    meaning: 'replies were missing, duplicated, reordered, corrupt or foreign: the speed means nothing',
    remedy: 'see errors; compare --framing, --size and the app with those of the server',
    broken: ({ errors }) => above(countAll(errors), 0),
  },
  'connections-broken': {
    invalidates: false,
    limit: 0,
    meaning: 'connections were refused, reset or closed by the server',
    remedy: 'see failures; raise the backlog or descriptor limits of the server, or use fewer --connections',
    broken: ({ failures }) => above(countAll(failures), 0),
  },
  'connections-unserved': {
    invalidates: false,
    limit: 0,
    meaning: 'connections never got a reply',
    remedy: 'the server serves fewer connections at once: use fewer --connections, or --messages-per-connection',
    broken: ({ connections }) => above(connections.opened - connections.served, 0),
  },
  'requests-unanswered': {
    invalidates: false,
    limit: 0,
    meaning: 'requests had no reply when the run was over; their ages count as lower bounds of the latency',
    remedy: 'measure longer than the slowest reply takes',
    // Those on connections never served belong to the warning above.
    broken: ({ unanswered, connections, options }) =>
      above(unanswered - (connections.opened - connections.served) * options.pipelining, 0),
  },
  'too-few-samples': {
    invalidates: false,
    limit: 10,
    meaning: 'fewer than ten samples lie beyond p99.9 or a lower percentile, which is not printed',
    remedy: 'measure longer',
    broken: ({ latencyNs }) => (latencyNs.p999 === null ? Math.round(latencyNs.count / 1000) : undefined),
  },
} as const satisfies Record<string, Condition>;

export function judge(result: Unjudged): Pick<LoadResult, 'valid' | 'warnings'> {
  const warnings = (Object.keys(conditions) as WarningCode[]).flatMap((code) => {
    const { broken, limit, remedy }: Condition = conditions[code];
    const value = broken(result);
    return value === undefined ? [] : [{ code, value, limit, remedy }];
  });
  const { allow } = result.options;
  return { valid: warnings.every(({ code }) => !conditions[code].invalidates || allow.includes(code)), warnings };
}

const above = (value: number, limit: number): number | undefined => (value > limit ? value : undefined);

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

/** A result before it is judged, and how many requests were answered, those in flight when measuring ended included. */
export type Unjudged = Omit<LoadResult, 'warnings' | 'valid'> & { answered: number };

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

/** No suspension is shorter, and the two clocks that tell of it may be read so far apart on a machine with much to do. */
const SUSPENDED_MS = 100;

/** The closed list of everything that a run may say against itself. */
export const conditions = {
  'client-limited': {
    invalidates: true,
    limit: BUSY,
    meaning: 'the load generator had no CPU time left and the server had: the server could do more',
    remedy: 'use --transport io-uring or epoll, more --workers, or deeper --pipelining',
    broken: ({ clientBusy, verdict }) => (verdict === 'client-limited' ? clientBusy : undefined),
  },
  'client-busy': {
    invalidates: false,
    limit: BUSY,
    meaning: 'the load generator had no CPU time left, and how busy the server was is not known',
    remedy: 'let sockbench start the server, after --, to learn which of both was the limit',
    broken: ({ clientBusy, server }) => (server === undefined ? above(clientBusy, BUSY) : undefined),
  },
  'near-ceiling': {
    invalidates: false,
    limit: 0.7,
    meaning: 'not much below what the load generator reaches with a server that does the least: part of the cost is its own',
    remedy: 'compare models by their CPU time per message, or give the load generator more --workers',
    broken: ({ messagesPerSecond, ceiling }) => above(ceiling === undefined ? 0 : messagesPerSecond / ceiling, 0.7),
  },
  'littles-law': {
    invalidates: true,
    limit: 0.05,
    meaning: 'throughput times mean latency is not the number of requests in flight: clock or counting is wrong',
    remedy: 'report it, with the output of --json',
    broken: (result) => above(Math.abs(littlesRatio(result) - 1), 0.05),
  },
  'send-lag': {
    invalidates: true,
    limit: 1e6,
    meaning:
      'one message in a hundred left more than 1 ms later than planned: part of the response time is the load generator itself',
    remedy: 'use --transport io-uring or epoll, --spin, more --workers, or a CPU of its own',
    broken: ({ sendLagNs }) => above(sendLagNs?.p99 ?? sendLagNs?.p90 ?? 0, 1e6),
  },
  'achieved-rate': {
    invalidates: true,
    limit: 0.99,
    meaning: 'the server answered fewer messages a second than were asked for: response times grow as long as the run lasts',
    remedy: 'lower --rate until the server keeps up, or measure how much it takes with a closed loop',
    broken: ({ offered, messages, drift }) =>
      offered === undefined || drift === undefined ? undefined : below(messages / offered.messages, 0.99),
  },
  drift: {
    invalidates: true,
    limit: 0.1,
    meaning: 'the two halves of the run differ: it was still warming up, or something changed',
    remedy: 'raise --warmup and --duration',
    broken: ({ drift = 0, durationMs }) => (durationMs < DRIFT_FROM_MS ? undefined : above(Math.abs(drift), 0.1)),
  },
  'search-ended': {
    invalidates: true,
    limit: 0,
    meaning:
      'the search for the highest rate ended at a run with so many messages a second that was not valid (loadCurve in --json)',
    remedy: 'do what helps against that, or --allow it; the highest rate that is told was kept, but the server may take more',
    broken: ({ loadCurve }) => (loadCurve?.ended.state === 'invalid' ? loadCurve.ended.perSecond : undefined),
  },
  'machine-disturbed': {
    invalidates: true,
    limit: 0.1,
    meaning: 'the host or other programs here took CPU time meanwhile, in CPUs',
    remedy: 'stop other programs and measure again; on a virtual machine, at another time',
    broken: ({ machine, durationMs }) =>
      durationMs < DISTURBED_FROM_MS ? undefined : above((machine?.stolenCpus ?? 0) + (machine?.foreignCpus ?? 0), 0.1),
  },
  'machine-suspended': {
    invalidates: true,
    limit: SUSPENDED_MS,
    meaning: 'the machine was suspended for so many ms meanwhile: clocks and counters stood still, peers may not have',
    remedy: 'measure again, and keep the machine awake (systemd-inhibit sockbench …)',
    broken: ({ machine }) => above(machine?.suspendedMs ?? 0, SUSPENDED_MS),
  },
  'gc-pauses': {
    invalidates: false,
    limit: 10,
    meaning: 'garbage collection stopped the load generator for so many ms: latencies around it are its own (gcPauses in --json)',
    remedy: 'more --workers share the work; report it if it happens in an ordinary run',
    broken: ({ gcPauses }) => above(gcPauses.longest[0]?.durationMs ?? 0, 10),
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

/** Halves of shorter runs differ by chance. */
const DRIFT_FROM_MS = 1000;
/** CPU time of all is counted in ticks of 10 ms. */
const DISTURBED_FROM_MS = 500;
/** Rounds of requests on each connection from which on those that are cut at both ends of the window don't matter, */
const FEWEST_ROUNDS = 100;
/** unless one of them takes more than this share of it. */
const LONGEST_SHARE = 0.02;

/**
 * Throughput times mean latency over the number in flight (Little 1961), 1 when all is well; 1 where nothing can be said: in an
 * open loop, in a room, where connections come and go, where requests stay unanswered or have latencies of their own, and over
 * few or uneven rounds.
 */
function littlesRatio(result: Unjudged): number {
  const { options, offered, latencyNs, answered, messages, messagesPerSecond, durationMs, connections, unanswered } = result;
  const senders = options.active ?? options.connections;
  const inFlight = senders * options.pipelining;
  const steady = offered === undefined && options.messagesPerConnection === undefined && connections.opened === senders;
  // In a room one request brings many messages.
  const oneToOne = latencyNs.count === answered && Math.abs(messages - answered) <= inFlight;
  const even = messages >= FEWEST_ROUNDS * inFlight && latencyNs.max <= LONGEST_SHARE * durationMs * 1e6;
  if (!steady || !oneToOne || !even || unanswered > 0) return 1;
  return (messagesPerSecond * latencyNs.mean) / 1e9 / inFlight;
}

const below = (value: number, limit: number): number | undefined => (value < limit ? value : undefined);
const above = (value: number, limit: number): number | undefined => (value > limit ? value : undefined);

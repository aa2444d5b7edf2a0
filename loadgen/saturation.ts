import { SockbenchError } from '../errors/sockbench-error.ts';
import { highestRate, type Highest, type Verdict } from './highest-rate.ts';
import { kneeOf, type LoadCurve, type LoadPoint } from './load-curve.ts';
import type { Measure } from './measures.ts';
import type { LoadOptions } from './options.ts';
import type { LoadResult } from './result.ts';
import { keeps, samplesFor, type Slo } from './slo.ts';
import { countAll } from './tally.ts';
import { conditions, judge, type WarningCode } from './validity.ts';

/** A search takes about so many runs, each of which has its share of the duration. */
const RUNS = 12;
const SHORTEST_MS = 500;
/** A run is made longer than its share to have enough samples for the percentile, but not longer than this. */
const LONGEST_MS = 5000;

/** These say that the server does not keep up; all others that make a run invalid are of the load generator or the machine. */
const OF_THE_SERVER: ReadonlySet<WarningCode> = new Set(['achieved-rate', 'drift']);

export type RunAt = (changes: Pick<LoadOptions, 'durationMs' | 'warmupMs'> & { rate: number }) => Promise<LoadResult>;

/**
 * Finds the highest rate at which response times keep `options.slo`, beginning at `options.rate`.
 * @returns the result of the run at that rate, with the load curve; where the first run is not valid, that one's
 * @throws SockbenchError E_SLO when no rate keeps it
 */
export async function saturate(options: LoadOptions, runAt: RunAt): Promise<LoadResult> {
  const { slo } = options;
  const shareMs = Math.max(SHORTEST_MS, options.durationMs / RUNS);
  const points: LoadPoint[] = [];
  const results = new Map<number, LoadResult>();
  const once = async (rate: number): Promise<Verdict> => {
    const durationMs = Math.max(shareMs, Math.min(LONGEST_MS, (samplesFor(slo) * 1000) / rate));
    const result = await runAt({ rate, durationMs, warmupMs: Math.min(options.warmupMs, durationMs / 2) });
    results.set(rate, result);
    points.push({
      askedPerSecond: rate,
      achievedPerSecond: result.messagesPerSecond,
      p50Ns: result.latencyNs.p50,
      p99Ns: result.latencyNs.p99,
      verdict: verdictOn(result, slo),
    });
    const { verdict } = points.at(-1)!;
    if (verdict === 'broken' && points.every((point) => point.verdict !== 'kept')) refuseUnserved(slo, result);
    return verdict;
  };
  // One hiccup of the machine is no limit of the server, and no reason to give up either.
  const attempt = async (rate: number): Promise<Verdict> => {
    const verdict = await once(rate);
    return verdict === 'kept' || results.get(rate)!.interrupted ? verdict : once(rate);
  };
  const found = await highestRate(options.rate!, attempt);
  const stopped = found.beyond && results.get(found.beyond.rate);
  const result = found.rate === undefined ? stopped! : results.get(found.rate)!;
  if (found.rate === undefined && found.beyond?.verdict === 'broken') throw noneKeeps(slo, result);
  const loadCurve: LoadCurve = {
    slo,
    points: points.toSorted((a, b) => a.askedPerSecond - b.askedPerSecond),
    kneePerSecond: kneeOf(points),
    ended: ending(found, stopped),
  };
  const unjudged = {
    ...result,
    measures: { ...result.measures, ...measures(found, loadCurve) },
    loadCurve,
    interrupted: stopped?.interrupted ?? false,
  };
  return { ...unjudged, ...judge({ ...unjudged, answered: result.latencyNs.count }) };
}

/** What stands against a run, unless the user allows it. */
const against = ({ warnings, options }: LoadResult): WarningCode[] =>
  warnings.map(({ code }) => code).filter((code) => conditions[code].invalidates && !options.allow.includes(code));

/** Why a run says nothing about the server; nothing when it does. */
function doubts(result: LoadResult, slo: Slo): WarningCode[] {
  const own = against(result).filter((code) => !OF_THE_SERVER.has(code));
  if (own.length > 0 || holds(result, slo)) return own;
  // Nobody knows then which of both did not keep up.
  return result.warnings.some(({ code }) => code === 'client-busy') ? ['client-busy'] : [];
}

const holds = (result: LoadResult, slo: Slo): boolean =>
  against(result).length === 0 && countAll(result.errors) + countAll(result.failures) === 0 && keeps(result.latencyNs, slo);

function verdictOn(result: LoadResult, slo: Slo): Verdict {
  if (result.interrupted || doubts(result, slo).length > 0) return 'void';
  return holds(result, slo) ? 'kept' : 'broken';
}

function ending({ beyond }: Highest, stopped: LoadResult | undefined): LoadCurve['ended'] {
  if (beyond === undefined || stopped === undefined) return { state: 'unbroken' };
  if (beyond.verdict !== 'void') return { state: 'broken' };
  if (stopped.interrupted) return { state: 'interrupted' };
  return { state: 'invalid', perSecond: beyond.rate, because: doubts(stopped, stopped.options.slo) };
}

function measures({ rate }: Highest, { slo, kneePerSecond }: LoadCurve): Record<string, Measure> {
  const target = `${slo.percentile} within ${slo.ns / 1e6} ms`;
  return {
    ...(rate !== undefined && { highestRate: { kind: 'rate', meaning: `highest rate with ${target}`, value: rate } }),
    ...(kneePerSecond !== null && { knee: { kind: 'rate', meaning: 'knee of p99 over the rate', value: kneePerSecond } }),
  };
}

/** At no lower rate either does a server answer connections that it leaves in its backlog. @throws SockbenchError E_SLO */
function refuseUnserved(slo: Slo, { connections: { opened, served }, options }: LoadResult): void {
  if (served === opened) return;
  throw unkept(slo, options, `no reply on ${opened - served} of ${opened} connections at`, 'use fewer --connections');
}

function noneKeeps(slo: Slo, { latencyNs, options }: LoadResult): SockbenchError {
  const got = latencyNs[slo.percentile] ?? latencyNs.max;
  const remedy = 'raise --slo; see what --workload rate says at a low --rate';
  return unkept(slo, options, `${(got / 1e6).toPrecision(3)} ms even at`, remedy);
}

function unkept({ percentile, ns }: Slo, { rate }: LoadOptions, got: string, remedy: string): SockbenchError {
  const expected = `expected some rate with ${percentile} within ${ns / 1e6} ms`;
  return new SockbenchError('E_SLO', `${expected}, got ${got} ${Number(rate!.toPrecision(3))}/s`, { remedy });
}

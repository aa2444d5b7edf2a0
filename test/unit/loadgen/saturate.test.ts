/** The search for the highest rate, over a server that is a formula: an M/M/1 queue, whose response times are known. */
import { describe, expect, test } from 'vitest';
import { highestRate, type Verdict } from '../../../loadgen/highest-rate.ts';
import { knee } from '../../../loadgen/knee.ts';
import type { LoadOptions } from '../../../loadgen/options.ts';
import type { Latency, LoadResult } from '../../../loadgen/result.ts';
import { saturate, type RunAt } from '../../../loadgen/saturation.ts';
import { judge } from '../../../loadgen/validity.ts';
import { soundResult } from './sound-result.ts';

/** Messages a second that the server could handle. */
const MU = 10_000;
const TARGET_NS = 5e6;
/** Response times are exponential with the rate mu - lambda (Kleinrock, Queueing Systems I, 3.2): p99 is ln 100 of their means. */
const p99Ns = (lambda: number): number => (Math.log(100) / (MU - lambda)) * 1e9;
/** Where p99 is the target. */
const HIGHEST = MU - Math.log(100) / (TARGET_NS / 1e9);

const keepsTarget = (rate: number): Verdict => (rate < MU && p99Ns(rate) <= TARGET_NS ? 'kept' : 'broken');

describe('the highest rate', () => {
  test.each([1000, 37, 9000, 400_000])('is found within 3 %%, from below and never above, beginning at %d', async (first) => {
    const { rate, beyond } = await highestRate(first, async (tried) => keepsTarget(tried));
    expect(rate).toBeLessThanOrEqual(HIGHEST);
    expect(rate).toBeGreaterThan(HIGHEST / 1.03);
    expect(beyond).toMatchObject({ verdict: 'broken' });
  });

  test('is found in doublings and a few bisections', async () => {
    const tried: number[] = [];
    await highestRate(1000, async (rate) => {
      tried.push(Math.round(rate));
      return rate <= 3000 ? 'kept' : 'broken';
    });
    // From 2000 to 4000 five bisections of a factor of two make one of 2 ** (1 / 32).
    expect(tried).toEqual([1000, 2000, 4000, 2828, 3364, 3084, 2954, 3018]);
  });

  test('is none where not even a hundredth of the first is kept', async () => {
    expect(await highestRate(1000, async () => 'broken')).toMatchObject({ rate: undefined, beyond: { verdict: 'broken' } });
  });

  test('is the last one that was kept when a trial says nothing: none follows it', async () => {
    const tried: number[] = [];
    const found = await highestRate(1000, async (rate) => {
      tried.push(rate);
      return rate === 4000 ? 'void' : 'kept';
    });
    expect(found).toEqual({ rate: 2000, beyond: { rate: 4000, verdict: 'void' } });
    expect(tried).toEqual([1000, 2000, 4000]);
  });
});

describe('the knee of a curve', () => {
  test('of an M/M/1 queue is the rate whose idle capacity is the geometric mean of those at both ends', () => {
    // The curve is farthest below the chord where it is parallel to it: (mu - x)² = (mu - first)(mu - last).
    const rates = Array.from({ length: 951 }, (_, index) => 10 * index);
    const found = knee(rates.map((rate) => ({ x: rate, y: p99Ns(rate) })));
    expect(Math.abs(found!.x - (MU - Math.sqrt(MU * (MU - 9500))))).toBeLessThanOrEqual(5);
  });

  test('is nowhere on a straight line, on one that falls, or on less than two points', () => {
    const line = [1, 2, 3].map((x) => ({ x, y: x }));
    expect(knee(line)).toBeUndefined();
    expect(knee(line.map(({ x }) => ({ x, y: -x })))).toBeUndefined();
    expect(knee(line.slice(0, 1))).toBeUndefined();
    expect(knee([])).toBeUndefined();
  });
});

/** A run against the queue at each rate that is asked, noted in `runs`; what it finds can be changed. */
function queue(changes: (rate: number) => Partial<LoadResult> = () => ({})) {
  const runs: Parameters<RunAt>[0][] = [];
  const runAt: RunAt = async (run) => {
    runs.push(run);
    const { rate, durationMs } = run;
    const achieved = Math.min(rate, MU);
    const { options, latencyNs } = soundResult();
    const p99 = rate < MU ? p99Ns(rate) : 900e6;
    const offered = Math.round((rate * durationMs) / 1000);
    const messages = Math.round((achieved * durationMs) / 1000);
    const latency: Latency = { ...latencyNs, p50: p99 / 6.6, p99, count: messages };
    const result = soundResult({
      options: { ...options, ...run, workload: 'saturate' },
      durationMs,
      messages,
      messagesPerSecond: achieved,
      latencyNs: latency,
      offered: { messages: offered, messagesPerSecond: rate, sent: offered, held: 0 },
      ...changes(rate),
    });
    return { ...result, ...judge(result) };
  };
  return { runs, runAt };
}

const serverUnknown = { server: undefined } as unknown as Partial<LoadResult>;

const options: LoadOptions = { ...soundResult().options, rate: 1000, durationMs: 10_000 };

describe('saturate', () => {
  test('returns the run at the highest rate, with the curve and its knee', async () => {
    const { runAt } = queue();
    const result = await saturate(options, runAt);
    expect(result).toMatchObject({ valid: true, interrupted: false, loadCurve: { ended: { state: 'broken' } } });
    expect(result.messagesPerSecond).toBeLessThanOrEqual(HIGHEST);
    expect(result.messagesPerSecond).toBeGreaterThan(HIGHEST / 1.03);
    expect(result.measures['highestRate']).toMatchObject({ kind: 'rate', value: result.messagesPerSecond });
    const { points, kneePerSecond } = result.loadCurve!;
    const asked = points.map(({ askedPerSecond }) => askedPerSecond);
    expect(asked).toEqual(asked.toSorted((a, b) => a - b));
    expect(points[0]).toMatchObject({ askedPerSecond: 1000, achievedPerSecond: 1000, p99Ns: p99Ns(1000), verdict: 'kept' });
    expect(points.at(-1)).toMatchObject({ achievedPerSecond: MU, verdict: 'broken' });
    expect(asked).toContain(kneePerSecond);
  });

  test('gives each run a share of the duration, and more where a percentile needs more samples', async () => {
    const { runs, runAt } = queue();
    await saturate(options, runAt);
    // p99 needs 1200 messages: 1.2 s at 1000 a second.
    expect(runs.slice(0, 2).map(({ durationMs }) => Math.round(durationMs))).toEqual([1200, 833]);
    expect(runs.every(({ durationMs, warmupMs }) => warmupMs <= durationMs / 2)).toBe(true);
  });

  test.each<[string, Partial<LoadResult>, string]>([
    ['the load generator had no CPU time left', { verdict: 'client-limited', clientBusy: 0.97 }, 'client-limited'],
    ['messages left late', { sendLagNs: { ...soundResult().latencyNs, p99: 3e6 } }, 'send-lag'],
    [
      'nobody knows which of both was the limit',
      { ...serverUnknown, clientBusy: 0.97, failures: { ECONNRESET: 1 } },
      'client-busy',
    ],
  ])('ends where %s, says so, and does not take that for the limit of the server', async (_, changes, code) => {
    const { runs, runAt } = queue((rate) => (rate >= 4000 ? changes : {}));
    const result = await saturate(options, runAt);
    expect(runs.map(({ rate }) => rate)).toEqual([1000, 2000, 4000, 4000]);
    expect(result.measures['highestRate']).toMatchObject({ value: 2000 });
    expect(result.loadCurve!.ended).toEqual({ state: 'invalid', perSecond: 4000, because: [code] });
    expect(result.valid).toBe(false);
    expect(result.warnings).toContainEqual(expect.objectContaining({ code: 'search-ended', value: 4000 }));
  });

  test.each<[string, Partial<LoadResult>]>([
    ['breaks the target', { failures: { ECONNRESET: 1 } }],
    ['is not valid', { verdict: 'client-limited', clientBusy: 0.97 }],
  ])('tries a rate again whose run %s, and believes the second', async (_, changes) => {
    let hiccups = 0;
    const { runAt } = queue((rate) => (rate === 2000 && (hiccups += 1) === 1 ? changes : {}));
    const result = await saturate(options, runAt);
    expect(result.loadCurve!.ended).toEqual({ state: 'broken' });
    expect(result.messagesPerSecond).toBeGreaterThan(HIGHEST / 1.03);
  });

  test('ends when it is told to, with the highest rate so far', async () => {
    const { runAt } = queue((rate) => ({ interrupted: rate === 4000 }));
    const result = await saturate(options, runAt);
    expect(result).toMatchObject({ interrupted: true, messagesPerSecond: 2000, loadCurve: { ended: { state: 'interrupted' } } });
    expect((await saturate(options, queue(() => ({ interrupted: true })).runAt)).measures).not.toHaveProperty('highestRate');
  });

  test('finds no rate where none keeps the target', async () => {
    const { runAt } = queue();
    const impossible = saturate({ ...options, slo: { percentile: 'p99', ns: 1000 } }, runAt);
    await expect(impossible).rejects.toMatchObject({
      code: 'E_SLO',
      message: expect.stringContaining('expected some rate with p99 within 0.001 ms'),
    });
  });

  test('refuses a server that leaves connections unserved at the first rate, rather than try lower ones', async () => {
    const { runs, runAt } = queue(() => ({
      connections: { opened: 10, served: 1 },
      latencyNs: { ...soundResult().latencyNs, p99: 9e6 },
    }));
    await expect(saturate(options, runAt)).rejects.toMatchObject({
      code: 'E_SLO',
      message: expect.stringContaining('got no reply on 9 of 10 connections at 1000/s'),
    });
    expect(runs).toHaveLength(1);
  });

  test('needs every response to be in time where there are too few for the percentile', async () => {
    const few = { ...soundResult().latencyNs, p99: null, count: 20 };
    const max = (rate: number): number => (rate <= 500 ? 4e6 : 6e6);
    const { runAt } = queue((rate) => ({ latencyNs: { ...few, max: max(rate) } }));
    const { measures } = await saturate(options, runAt);
    expect(measures['highestRate']).toMatchObject({ value: 500 });
  });
});

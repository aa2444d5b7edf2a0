/** The open loop against played servers, in virtual time: every figure here is worked out by hand. */
import { describe, expect, test } from 'vitest';
import type { Recorder } from '../../../loadgen/recorder.ts';
import { echo, slowEcho, type VirtualServer } from './virtual-network.ts';
import { VirtualRun, type Wanted } from './virtual-run.ts';

/** Connecting takes 1 ms: then the schedule begins. */
const START_MS = 1;

/** So many messages a second on ten connections for ten seconds. */
const open = (rate: number, wanted: Wanted = {}): Wanted => ({
  slots: 10,
  pipelining: 1000,
  durationNs: 10e9,
  schedule: { rate },
  ...wanted,
});

/** Percentiles in ms; buckets are at most a thousandth wide. */
function ms(recorder: Recorder, ...percentiles: number[]): number[] {
  return percentiles.map((p) => Math.round(recorder.percentileNs(p) / 1e5) / 10);
}

/** Echoes after 1 ms, but not from `fromMs` to `untilMs` after the start: what comes then is answered right afterwards. */
function freezing(fromMs: number, untilMs: number, everyMs = Infinity): VirtualServer {
  return {
    receives(slot, bytes, network) {
      const sinceStart = network.nowMs - 1000 - START_MS;
      const inPeriod = everyMs === Infinity ? sinceStart : sinceStart % everyMs;
      network.reply(slot, bytes, inPeriod >= fromMs && inPeriod < untilMs ? untilMs - inPeriod + 1 : 1);
    },
  };
}

describe('an open loop', () => {
  test('sends each message at its own planned time on its own connection', async () => {
    const sent: [number, number][] = [];
    const run = new VirtualRun(
      {
        receives(slot, bytes, network) {
          sent.push([network.nowMs - run.startedAtMs - START_MS, slot]);
          network.reply(slot, bytes, 35);
        },
      },
      open(100, { slots: 4, durationNs: 100e6 }),
    );
    await run.over();
    expect(sent).toEqual([0, 10, 20, 30, 40, 50, 60, 70, 80, 90].map((atMs, index) => [atMs, index % 4]));
    expect(run.parts.tally.offered).toEqual({ sent: 10, held: 0, unsent: 0 });
  });

  test('sends the same bytes at the same planned times with the same seed, and others with another', async () => {
    const sentBy = async (seed: number): Promise<string[]> => {
      const sent: string[] = [];
      const noting: VirtualServer = {
        receives(slot, bytes, network) {
          sent.push(`${network.nowMs} ${slot} ${bytes.toString()}`);
          network.reply(slot, bytes);
        },
      };
      await new VirtualRun(noting, open(200, { durationNs: 1e9, schedule: { rate: 200, arrivals: 'poisson', seed } })).over();
      return sent;
    };
    expect(await sentBy(7)).toEqual(await sentBy(7));
    expect(await sentBy(7)).not.toEqual(await sentBy(8));
  });

  test('measures a fixed delay as that, at every percentile', async () => {
    const run = await new VirtualRun(slowEcho(50), open(1000, { warmupNs: 100e6 })).over();
    const { responseTime, serviceTime, sendLag } = run.recorders;
    expect(run.outcome).toEqual({
      messages: 10_000,
      measuredMs: 10_000,
      latencies: 10_000,
      connections: { opened: 10, served: 10 },
    });
    for (const recorder of [responseTime, serviceTime]) {
      expect(ms(recorder, 0.001, 0.5, 0.99, 0.999)).toEqual([50, 50, 50, 50]);
      expect(recorder.meanNs).toBeCloseTo(50e6, -2);
    }
    expect(sendLag).toMatchObject({ count: 10_000, maxNs: 0 });
  });

  test('shows one long freeze in full', async () => {
    // Of 10,000 messages the 1000 planned during the freeze wait for 1 to 1000 ms: 1 % for 900 ms or more, 0.1 % for 990 or more.
    const run = await new VirtualRun(freezing(3000, 4000), open(1000)).over();
    const { responseTime, serviceTime, sendLag } = run.recorders;
    expect(responseTime.count).toBe(10_000);
    const [p50, p90, p99, p999] = ms(responseTime, 0.5, 0.9, 0.99, 0.999) as [number, number, number, number];
    expect([p50, p90]).toEqual([1, 1]);
    expect(p99).toBeCloseTo(901, -1);
    expect(p999).toBeCloseTo(991, -1);
    expect(Math.round(responseTime.maxNs / 1e6)).toBe(1001);
    // Nobody was late but the server.
    expect(ms(serviceTime, 0.99, 0.999)).toEqual([p99, p999]);
    expect(sendLag.maxNs).toBe(0);
  });

  test('shows that freeze from the planned times on, too, where its connections are full', async () => {
    const run = await new VirtualRun(freezing(3000, 4000), open(1000, { pipelining: 1 })).over();
    const { responseTime, serviceTime, sendLag } = run.recorders;
    expect(responseTime.count).toBe(10_000);
    const [p99, p999] = ms(responseTime, 0.99, 0.999) as [number, number];
    // Ten at a time and 1 ms each: those held back, every tenth ms, have left 100 ms after the freeze.
    expect(p99).toBeGreaterThan(900);
    expect(p999).toBeGreaterThan(990);
    // One on each connection was under way; all others were held back, and served fast once they had left.
    expect(ms(serviceTime, 0.5, 0.99)).toEqual([1, 1]);
    expect(run.parts.tally.offered.sent).toBe(10_000);
    expect(run.parts.tally.offered.held).toBeGreaterThanOrEqual(990);
    expect(sendLag.maxNs).toBe(0);
  });

  test('shows periodic stalls', async () => {
    // 100 ms in every second: 10 % of all messages wait, evenly for 1 to 101 ms; so 1 % wait for 91 ms or more.
    const run = await new VirtualRun(freezing(500, 600, 1000), open(1000)).over();
    const { responseTime } = run.recorders;
    expect(ms(responseTime, 0.5, 0.9)).toEqual([1, 1]);
    expect(ms(responseTime, 0.95)[0]).toBeCloseTo(51, -1);
    expect(ms(responseTime, 0.99)[0]).toBeCloseTo(91, -1);
    expect(Math.round(responseTime.maxNs / 1e6)).toBe(101);
  });

  test('shows that a server is slower than the asked rate', async () => {
    // One reply every 10 ms, 200 messages a second: after t ms of the run the queue is t ms long.
    let freeAtMs = 0;
    const slow: VirtualServer = {
      receives(slot, bytes, network) {
        freeAtMs = Math.max(freeAtMs, network.nowMs) + 10;
        network.reply(slot, bytes, freeAtMs - network.nowMs);
      },
    };
    const run = await new VirtualRun(slow, open(200)).over();
    expect(run.outcome).toMatchObject({ messages: 1000, latencies: 2000 });
    expect(run.parts.tally.offered).toEqual({ sent: 2000, held: 0, unsent: 0 });
    const { responseTime } = run.recorders;
    // Message k, planned for 5k ms, comes back 5k + 10 ms later: 1050 until it stops waiting, half a second after the end. The other
    // 950 are 505 to 5250 ms old then. Half of all are below 2752 ms: 549 answered ones, and 450 that are lower bounds.
    expect(responseTime.lowerBounds).toBe(950);
    expect(ms(responseTime, 0.5)[0]).toBeCloseTo(2752, -1);
    expect(Math.round(responseTime.maxNs / 1e6)).toBe(5255);
    expect(responseTime.isLowerBound(responseTime.percentileNs(0.5))).toBe(true);
  });

  test('says of itself how late it was, and counts the response time from the plan', async () => {
    // Something stops the load generator for 100 ms in the middle of a send.
    let requests = 0;
    const run = new VirtualRun(
      {
        receives(slot, bytes, network) {
          requests += 1;
          if (requests === 500) run.clock.nowMs += 100;
          network.reply(slot, bytes);
        },
      },
      open(1000, { durationNs: 1e9 }),
    );
    await run.over();
    const { responseTime, serviceTime, sendLag } = run.recorders;
    expect(run.parts.tally.offered).toEqual({ sent: 1000, held: 0, unsent: 0 });
    expect(Math.round(sendLag.maxNs / 1e6)).toBe(99);
    expect(ms(sendLag, 0.85)[0]).toBe(0);
    expect(ms(sendLag, 0.95)[0]).toBeCloseTo(50, -1);
    expect(ms(responseTime, 0.95)[0]).toBeCloseTo(51, -1);
    expect(ms(serviceTime, 0.95)[0]).toBe(1);
  });

  test('counts what a connection that never opened should have sent as unanswered, with its age', async () => {
    const run = await new VirtualRun({ ...echo, ignores: (slot) => slot === 3 }, open(1000, { durationNs: 1e9 })).over();
    expect(run.outcome).toMatchObject({ messages: 900, latencies: 1000, unanswered: 100, connections: { opened: 9, served: 9 } });
    expect(run.parts.tally.offered).toEqual({ sent: 900, held: 0, unsent: 100 });
    expect(Math.round(run.recorders.responseTime.maxNs / 1e6)).toBe(997); // planned 3 ms after the start
  });

  test('sends what was due while a connection was broken when it stands again', async () => {
    let requests = 0;
    const run = new VirtualRun(
      {
        receives(slot, bytes, network) {
          requests += 1;
          if (requests === 50) network.hangUp(slot, 'ECONNRESET');
          else network.reply(slot, bytes);
        },
      },
      open(1000, { durationNs: 1e9, slots: 1 }),
    );
    await run.over();
    expect(run.outcome).toMatchObject({ failures: { ECONNRESET: 1 }, connections: { opened: 2, served: 2 } });
    const { held, sent, unsent } = run.parts.tally.offered;
    expect({ sent, unsent }).toEqual({ sent: 1000, unsent: 0 });
    expect(held).toBeGreaterThan(0);
    expect(run.recorders.responseTime.count).toBe(1000);
  });

  test('leaves the warm-up out: its messages are no samples, whenever they are answered', async () => {
    const run = await new VirtualRun(slowEcho(300), open(100, { warmupNs: 1e9, durationNs: 1e9 })).over();
    expect(run.recorders.responseTime.count).toBe(100);
    expect(run.recorders.sendLag.count).toBe(100);
    expect(run.parts.tally.offered).toEqual({ sent: 100, held: 0, unsent: 0 });
  });

  test('with an amount sends exactly so many, however slowly they come', async () => {
    const run = await new VirtualRun(echo, { slots: 3, pipelining: 10, amount: 7, schedule: { rate: 0.2 } }).over();
    expect(run.outcome).toEqual({ messages: 7, measuredMs: 30_001, latencies: 7, connections: { opened: 3, served: 3 } });
  });
});

describe('a closed loop', () => {
  test('can not see one long freeze: it sends nothing meanwhile', async () => {
    // Ten connections and 1 ms a reply: 9000 rounds, of which the ten requests of one wait for a second. Of the last round, whose
    // replies come with the end, only the first counts as a message.
    const run = await new VirtualRun(freezing(3000, 4000), { slots: 10, durationNs: 10e9 }).over();
    const { responseTime } = run.recorders;
    expect(run.outcome).toMatchObject({ messages: 89_991, latencies: 90_000 });
    expect(ms(responseTime, 0.5, 0.99, 0.999)).toEqual([1, 1, 1]);
    expect(Math.round(responseTime.maxNs / 1e6)).toBe(1001);
  });
});

import { describe, expect, test } from 'vitest';
import { latencies } from './exchange-context.ts';
import { slowEcho, type VirtualServer } from './virtual-network.ts';
import { VirtualRun } from './virtual-run.ts';

describe('a closed loop', () => {
  test('keeps as many requests in flight on each connection as wanted, never more', async () => {
    const waiting = new Map<number, Buffer>();
    const inFlight = new Set<number>();
    /** Answers one request for each write: what it has not answered is in flight. */
    const oneByOne: VirtualServer = {
      receives(slot, bytes, network) {
        const requests = Buffer.concat([waiting.get(slot) ?? Buffer.alloc(0), bytes]);
        inFlight.add(requests.length / frameBytes);
        network.reply(slot, requests.subarray(0, frameBytes));
        waiting.set(slot, requests.subarray(frameBytes));
      },
    };
    const run = new VirtualRun(oneByOne, { slots: 3, pipelining: 4 });
    const { frameBytes } = run.context.payloads;
    await run.over();
    expect(inFlight).toEqual(new Set([4]));
    expect(run.outcome).not.toHaveProperty('errors');
    expect(run.outcome).toMatchObject({ connections: { opened: 3, served: 3 } });
  });

  test('measures what was answered within the duration, and no warm-up', async () => {
    // Connected at 1 ms. A reply every 10 ms: warm-up ends with the 10th, at 101 ms, measuring with the 30th, at 301 ms.
    const run = await new VirtualRun(slowEcho(10), { warmupNs: 100e6, durationNs: 200e6 }).over();
    expect(run.told).toEqual([
      ['measuring', 101],
      ['measured', 301],
    ]);
    expect(run.outcome).toEqual({ messages: 20, measuredMs: 200, latencies: 20, connections: { opened: 1, served: 1 } });
    expect(latencies(run.context.recorder)).toMatchObject({ meanNs: 10e6, maxNs: 10e6 });
    expect(run.answered).toEqual([20]);
  });

  test('counts replies that come after the duration as latencies, not as messages', async () => {
    const run = await new VirtualRun(slowEcho(300), { durationNs: 1000e6, slots: 2 }).over();
    expect(run.outcome).toEqual({ messages: 6, measuredMs: 1000, latencies: 8, connections: { opened: 2, served: 2 } });
  });

  test('records requests that nobody answers as lower bounds when it stops waiting', async () => {
    const half: VirtualServer = { receives: (slot, bytes, network) => slot === 0 && network.reply(slot, bytes, 100) };
    const run = await new VirtualRun(half, { slots: 2, pipelining: 2, warmupNs: 100e6, durationNs: 300e6 }).over();
    expect(run.outcome).toMatchObject({ messages: 6, unanswered: 2, connections: { opened: 2, served: 1 } });
    const { recorder } = run.context;
    // Warm-up, duration, and half a second of waiting.
    expect(latencies(recorder)).toMatchObject({ lowerBounds: 2, maxNs: (100 + 300 + 500) * 1e6 });
    expect(recorder.isLowerBound(recorder.percentileNs(0.5))).toBe(false);
    expect(recorder.isLowerBound(recorder.maxNs)).toBe(true);
  });

  test('does not judge what still arrives after it stopped waiting', async () => {
    const run = await new VirtualRun(slowEcho(1000), { slots: 4, durationNs: 500e6 }).over();
    expect(run.outcome).toEqual({
      messages: 0,
      measuredMs: 500,
      latencies: 4,
      unanswered: 3,
      connections: { opened: 4, served: 1 },
    });
  });

  test('ends when it is told to, with what it has until then', async () => {
    const run = await new VirtualRun(slowEcho(10), { durationNs: 60e9, cancelAtMs: 205 }).over();
    expect(run.outcome).toMatchObject({ messages: 21, measuredMs: 210, connections: { opened: 1, served: 1 } });
  });
});

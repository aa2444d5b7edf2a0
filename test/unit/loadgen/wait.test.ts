import { describe, expect, test } from 'vitest';
import { workloads } from '../../../loadgen/workload.ts';
import { slowEcho, type VirtualServer } from './virtual-network.ts';
import { VirtualRun } from './virtual-run.ts';

describe('the workload wait', async () => {
  const workload = await workloads.load('wait');
  const options = { delayMs: 10 };
  /** Replies come at 11, 21, 31 ms and so on: never just when measuring begins or ends. */
  const warmupNs = 105e6;

  test('finds everything in flight where the server waits for all at once', async () => {
    // Each of 4 connections is answered 100 times a second.
    const run = await new VirtualRun(slowEcho(10), { workload, options, slots: 4, warmupNs }).over();
    expect(run.measures).toEqual({ inFlight: 4, inFlightShare: 1, atOnce: 4, atOnceShare: 1 });
  });

  test('finds one delay at once where the server waits for one after the other, though all queue', async () => {
    let freeAtMs = 0;
    const oneByOne: VirtualServer = {
      receives(slot, bytes, network) {
        freeAtMs = Math.max(freeAtMs, network.nowMs) + 10;
        network.reply(slot, bytes, freeAtMs - network.nowMs);
      },
    };
    // 100 answers a second to 4 connections in turn, after 40 ms each.
    const run = await new VirtualRun(oneByOne, { workload, options, slots: 4, warmupNs }).over();
    expect(run.measures).toEqual({ inFlight: 4, inFlightShare: 1, atOnce: 1, atOnceShare: 0.25 });
  });

  test('leaves out what nobody answers', async () => {
    const firstOnly: VirtualServer = { receives: (slot, bytes, network) => slot === 0 && network.reply(slot, bytes, 10) };
    const run = await new VirtualRun(firstOnly, { workload, options, slots: 4, warmupNs }).over();
    expect(run.measures).toEqual({ inFlight: 1, inFlightShare: 0.25, atOnce: 1, atOnceShare: 0.25 });
  });
});

test('the workload large tells bytes a second', async () => {
  const workload = await workloads.load('large');
  const options = { sizeBytes: 1 << 16 };
  const run = await new VirtualRun(slowEcho(10), { workload, options, slots: 2, warmupNs: 105e6 }).over();
  expect(run.outcome).toMatchObject({ messages: 200, measuredMs: 1000 });
  expect(run.measures).toEqual({ payload: 200 * 2 ** 16 });
});

/** Workloads in which only some of the connections do the work. */
import { describe, expect, test } from 'vitest';
import { workloads } from '../../../loadgen/workload.ts';
import { slowEcho, type VirtualServer } from './virtual-network.ts';
import { VirtualRun } from './virtual-run.ts';

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const untilRest = { warmupNs: 105e6 }; // replies come at 11, 21, 31 ms and so on

describe('the workload idle', async () => {
  const workload = await workloads.load('idle');

  test('opens all connections, and works on the active ones, which lie among the others', async () => {
    const run = await new VirtualRun(slowEcho(10), { workload, options: { active: 2 }, slots: 10, ...untilRest }).over();
    expect(run.network.connects).toHaveLength(10);
    expect(run.outcome).toEqual({ messages: 200, measuredMs: 1000, latencies: 202, connections: { opened: 2, served: 2 } });
    expect(run.answered.flatMap((count, slot) => (count > 0 ? [slot] : []))).toEqual([2, 7]);
  });

  test('leaves the idle ones out of what is shared among connections, but not those that nobody serves', async () => {
    const evenOnly: VirtualServer = { receives: (slot, bytes, network) => slot % 2 === 0 && network.reply(slot, bytes, 10) };
    const run = await new VirtualRun(evenOnly, { workload, options: { active: 2 }, slots: 10 }).over();
    expect([...run.parts.connections.answeredBySlot].map((count) => count > 0)).toEqual([true, false]);
    expect(run.outcome).toMatchObject({ unanswered: 1, connections: { opened: 2, served: 1 } });
  });

  test('counts an idle connection that breaks as any other', async () => {
    const cutsOff: VirtualServer = {
      receives(slot, bytes, network) {
        network.reply(slot, bytes, 10);
        if (network.nowMs < 1005) network.hangUp(0, 'ECONNRESET', 50);
      },
    };
    const run = await new VirtualRun(cutsOff, { workload, options: { active: 1 }, slots: 3 }).over();
    expect(run.outcome).toMatchObject({ failures: { ECONNRESET: 1 }, connections: { opened: 1, served: 1 } });
    expect(run.network.connects).toEqual([0, 1, 2, 0]);
  });

  test.each([
    [undefined, 3],
    [0, 0],
    [5, 3],
  ])('with %s active of 3 connections works on %i', async (active, working) => {
    const options = active === undefined ? {} : { active };
    const plain = { ...workload, defaults: {} };
    const run = await new VirtualRun(slowEcho(10), { workload: plain, options, slots: 3 }).over();
    expect(run.outcome).toMatchObject({ connections: { opened: working, served: working } });
  });
});

describe('the workload slow-reader', async () => {
  const workload = await workloads.load('slow-reader');

  test('sends a flood where it reads nothing, and measures the others alone', async () => {
    const received = [0, 0, 0, 0];
    const patient: VirtualServer = {
      receives(slot, bytes, network) {
        received[slot]! += bytes.length;
        network.reply(slot, bytes, 10);
      },
    };
    const run = await new VirtualRun(patient, { workload, options: { active: 3 }, slots: 4, ...untilRest }).over();
    // Slots 0, 2 and 3 read: 111 requests of 33 bytes each.
    expect(received.map((bytes) => Math.round(bytes / 2 ** 20))).toEqual([0, 16, 0, 0]);
    expect(run.outcome).toEqual({ messages: 300, measuredMs: 1000, latencies: 303, connections: { opened: 3, served: 3 } });
    expect(run.measures).toEqual({ slowReaders: 1, dropped: 0 });
    expect(run.parts.connections.answeredBySlot).toHaveLength(3);
  });

  test('counts those that the server drops, which is no failure, and lets them go', async () => {
    const strict: VirtualServer = {
      receives(slot, bytes, network) {
        if (bytes.length > 1000) network.hangUp(slot, 'ECONNRESET', 50);
        else network.reply(slot, bytes, 10);
      },
    };
    const run = await new VirtualRun(strict, { workload, options: { active: 2 }, slots: 4, ...untilRest }).over();
    expect(run.outcome).toEqual({ messages: 200, measuredMs: 1000, latencies: 202, connections: { opened: 2, served: 2 } });
    expect(run.measures).toEqual({ slowReaders: 2, dropped: 2 });
    expect(run.network.connects).toEqual([0, 1, 2, 3]);
  });

  test('connects anew where a connection to hang on was refused', async () => {
    let refusals = 1;
    const busy: VirtualServer = {
      ...slowEcho(10),
      refuses(slot) {
        refusals -= slot === 1 ? 1 : 0;
        return slot === 1 && refusals >= 0 ? 'ECONNREFUSED' : undefined;
      },
    };
    const run = await new VirtualRun(busy, { workload, options: { active: 1 }, slots: 2 }).over();
    expect(run.outcome).toMatchObject({ failures: { ECONNREFUSED: 1 } });
    expect(run.network.connects.filter((slot) => slot === 1)).toHaveLength(2);
    expect(run.measures).toEqual({ slowReaders: 1, dropped: 0 });
  });

  test('sends an amount on those that read', async () => {
    const run = await new VirtualRun(slowEcho(10), { workload, options: { active: 3 }, slots: 4, amount: 30 }).over();
    expect(run.outcome).toMatchObject({ messages: 30, latencies: 30 });
    expect(sum(run.answered)).toBe(30);
  });
});

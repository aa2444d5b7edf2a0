import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import chat from '../../../loadgen/workloads/chat.ts';
import { seed } from '../framing/seed.ts';
import { echo, slowEcho, type VirtualServer } from './virtual-network.ts';
import { VirtualRun } from './virtual-run.ts';

describe('a closed loop with an amount', () => {
  test('sends exactly so many requests, whatever the connections and their depth', async () => {
    const shape = fc.record({
      slots: fc.integer({ min: 1, max: 6 }),
      pipelining: fc.integer({ min: 1, max: 5 }),
      amount: fc.integer({ min: 1, max: 60 }),
      messagesPerConnection: fc.oneof(fc.constant(Infinity), fc.integer({ min: 1, max: 7 })),
    });
    await fc.assert(
      fc.asyncProperty(shape, async (plan) => {
        let requests = 0;
        const counting: VirtualServer = {
          receives(slot, bytes, network) {
            requests += bytes.length / run.context.payloads.frameBytes;
            network.reply(slot, bytes);
          },
        };
        const run = new VirtualRun(counting, plan);
        await run.over();
        expect(requests).toBe(plan.amount);
        expect(run.outcome).toMatchObject({ messages: plan.amount, latencies: plan.amount });
        expect(run.outcome).not.toHaveProperty('errors');
      }),
      { seed, numRuns: 100 },
    );
  });

  test('is over with its last reply', async () => {
    // Connected at 1 ms; ten replies of 10 ms each.
    const run = await new VirtualRun(slowEcho(10), { amount: 10 }).over();
    expect(run.outcome).toEqual({ messages: 10, measuredMs: 100, latencies: 10, connections: { opened: 1, served: 1 } });
  });

  test('of nothing is over at once', async () => {
    const run = await new VirtualRun(echo, { amount: 0, slots: 2 }).over();
    expect(run.outcome).toMatchObject({ messages: 0, latencies: 0 });
    expect(run.elapsedMs).toBeLessThan(100);
  });

  test('gives up waiting for a reply that does not come', async () => {
    let requests = 0;
    const forgetful: VirtualServer = {
      receives: (slot, bytes, network) => {
        requests += 1;
        if (requests !== 5) network.reply(slot, bytes);
      },
    };
    const run = await new VirtualRun(forgetful, { amount: 10 }).over();
    expect(run.outcome).toMatchObject({ messages: 4, unanswered: 1, latencies: 5 });
  });

  test('is over when the connection breaks on which the last reply was awaited', async () => {
    let requests = 0;
    const fragile: VirtualServer = {
      receives: (slot, bytes, network) => {
        requests += 1;
        if (requests < 10) network.reply(slot, bytes);
        else network.hangUp(slot, 'ECONNRESET');
      },
    };
    const run = await new VirtualRun(fragile, { amount: 10 }).over();
    expect(run.outcome).toMatchObject({ messages: 9, unanswered: 1, failures: { ECONNRESET: 1 } });
    expect(run.elapsedMs).toBeLessThan(100);
  });

  test('is over in a room when everyone has heard the last message, the slowest listener too', async () => {
    const members = [0, 1, 2];
    const room: VirtualServer = {
      receives: (_, bytes, network) => members.forEach((member) => network.reply(member, bytes, 1 + member)),
    };
    // Everyone speaks at 1 ms; the third hears at 4 ms.
    const run = await new VirtualRun(room, { amount: 3, slots: 3, workload: chat }).over();
    expect(run.outcome).toEqual({ messages: 9, measuredMs: 3, latencies: 3, connections: { opened: 3, served: 3 } });
  });
});

import { describe, expect, test } from 'vitest';
import { echo, slowEcho, type VirtualServer } from './virtual-network.ts';
import { VirtualRun } from './virtual-run.ts';

const refusing = (errno: string): VirtualServer => ({ ...echo, refuses: () => errno });

describe('a closed loop that can not connect', () => {
  test('fails with the errno when every connection is refused', async () => {
    const run = new VirtualRun(refusing('ECONNREFUSED'), { slots: 3 });
    await expect(run.over()).rejects.toMatchObject({
      code: 'ECONNREFUSED',
      message: expect.stringContaining('expected to connect, got ECONNREFUSED'),
      remedy: expect.stringContaining('server'),
    });
    expect(run.context.tally.failures).toEqual({ ECONNREFUSED: 3 });
  });

  test('fails when nobody answers', async () => {
    const run = new VirtualRun({ ...echo, refuses: () => 'ETIMEDOUT' }, { slots: 1 });
    await expect(run.over()).rejects.toMatchObject({ code: 'ETIMEDOUT' });
    const silent = new VirtualRun({ ...echo, ignores: () => true }, { slots: 2 });
    await expect(silent.over()).rejects.toMatchObject({ code: 'E_CONNECT', message: 'expected to connect, got no answer' });
    expect(silent.elapsedMs).toBeLessThan(3000);
  });

  test('ends without complaint when it is told to end before it could know', async () => {
    const run = await new VirtualRun({ ...echo, ignores: () => true }, { cancelAtMs: 50 }).over();
    expect(run.outcome).toEqual({ messages: 0, measuredMs: 0, latencies: 0, connections: { opened: 0, served: 0 } });
  });
});

describe('a closed loop of which some connections fail', () => {
  test('goes on with the others, counts the failures, and tries again until it is let in', async () => {
    let refusals = 0;
    const reluctant: VirtualServer = {
      ...slowEcho(10),
      refuses: (slot) => {
        if (slot !== 1 || refusals === 3) return undefined;
        refusals += 1;
        return 'ECONNREFUSED';
      },
    };
    const run = await new VirtualRun(reluctant, { slots: 2 }).over();
    expect(run.outcome).toMatchObject({ failures: { ECONNREFUSED: 3 }, connections: { opened: 2, served: 2 } });
    expect(run.answered.every((answered) => answered > 90)).toBe(true);
  });

  test('does not wait longer than two seconds for those that nobody answers', async () => {
    const run = await new VirtualRun({ ...slowEcho(10), ignores: (slot) => slot === 1 }, { slots: 2 }).over();
    expect(run.told[0]).toEqual(['measuring', 2000]);
    expect(run.outcome).toMatchObject({ messages: 100, connections: { opened: 1, served: 1 } });
  });

  test('connects anew, under another number, where the server ended the connection', async () => {
    const firstRequests: string[] = [];
    let requests = 0;
    const run = new VirtualRun(
      {
        receives(slot, bytes, network) {
          if (requests % 5 === 0) firstRequests.push(bytes.toString());
          requests += 1;
          if (requests % 5 === 0) network.hangUp(slot);
          else network.reply(slot, bytes);
        },
      },
      { amount: 20 },
    );
    await run.over();
    expect(run.outcome).toMatchObject({
      messages: 16,
      unanswered: 4,
      failures: { closed: 4 },
      connections: { opened: 4, served: 4 },
    });
    expect(run.outcome).not.toHaveProperty('errors');
    const { payloads } = run.context;
    expect(firstRequests.map((request) => payloads.readConnection(Buffer.from(request)))).toEqual([0, 1, 2, 3]);
  });

  test('drops a connection whose stream makes no sense any more, counts it corrupt, and connects anew', async () => {
    let requests = 0;
    const babbling: VirtualServer = {
      receives(slot, bytes, network) {
        requests += 1;
        network.reply(slot, requests === 3 ? Buffer.alloc(100, 0xff) : bytes);
      },
    };
    const run = await new VirtualRun(babbling, { amount: 10, setting: { framing: 'length' } }).over();
    expect(run.outcome).toMatchObject({
      messages: 9,
      unanswered: 1,
      errors: { corrupt: 1 },
      failures: { E_FRAME_TOO_LARGE: 1 },
      connections: { opened: 2, served: 2 },
    });
  });
});

describe('a closed loop with so many messages for each connection', () => {
  test('closes each connection after them and opens another under a new number', async () => {
    const connectionsOf: number[] = [];
    const run = new VirtualRun(
      {
        receives(slot, bytes, network) {
          connectionsOf.push(run.context.payloads.readConnection(bytes));
          network.reply(slot, bytes);
        },
      },
      { amount: 12, messagesPerConnection: 3 },
    );
    await run.over();
    expect(connectionsOf).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3]);
    expect(run.outcome).toMatchObject({ messages: 12, connections: { opened: 4, served: 4 } });
    expect(run.outcome).not.toHaveProperty('failures');
    expect(run.network.connects).toHaveLength(4);
  });

  test('gives no two connections of all threads the same number', async () => {
    const numbers = new Set<string>();
    for (const firstSlot of [0, 2]) {
      const run = new VirtualRun(
        {
          receives(slot, bytes, network) {
            numbers.add(`${firstSlot + slot}: ${run.context.payloads.readConnection(bytes)}`);
            network.reply(slot, bytes);
          },
        },
        { slots: 2, firstSlot, totalSlots: 4, durationNs: 5e6, messagesPerConnection: 1 },
      );
      await run.over();
    }
    const [slots, connections] = [new Set<string>(), new Set<string>()];
    for (const [slot, connection] of [...numbers].map((number) => number.split(': ') as [string, string])) {
      slots.add(slot);
      connections.add(connection);
    }
    expect(slots.size).toBe(4);
    expect(connections.size).toBe(numbers.size);
  });

  test('sends no more than those at once, however deep the pipeline is', async () => {
    const writes: number[] = [];
    const run = new VirtualRun(
      {
        receives(slot, bytes, network) {
          writes.push(bytes.length / run.context.payloads.frameBytes);
          network.reply(slot, bytes);
        },
      },
      { amount: 6, messagesPerConnection: 2, pipelining: 2 },
    );
    await run.over();
    expect(writes).toEqual([2, 2, 2]);
  });
});

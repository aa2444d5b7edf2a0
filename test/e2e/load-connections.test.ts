/** How the load generator opens, uses and loses connections. */
import { beforeEach, describe, expect, test } from 'vitest';
import { byName, encode } from '../../framing/framing.ts';
import type { LoadOptions } from '../../loadgen/options.ts';
import { transports } from '../../loadgen/transport.ts';
import { loadHere, type Loaded } from './load-here.ts';
import { LoadProcess } from './load-process.ts';
import { echo, echoToFirst, listenFor, type Asked, type Target, unhurried, withoutPauses } from './load-target.ts';

const MIB = 1 << 20;

describe.each(await transports.all())('the load generator over $name', (transport) => {
  const load = (target: Target, options: Partial<LoadOptions>): Promise<Loaded> =>
    loadHere(target, { transport: transport.name, ...options });
  const obstacle = transport.unavailable();
  beforeEach((context) => {
    if (obstacle !== undefined) context.skip(obstacle);
  });

  describe('opens connections', () => {
    test('as many as it is told to, split among its threads', async () => {
      const target = await listenFor(echo);
      const { result, code } = await load(target, { connections: 5, workers: 2, amount: 100 });
      expect(code).toBe(0);
      expect(result).toMatchObject({ messages: 100, connections: { opened: 5, served: 5 } });
      expect(target.requests).toHaveLength(5);
      // Fifty messages for each thread: two connections in one, three in the other.
      expect(target.requests.reduce((sum, count) => sum + count)).toBe(100);
      expect(target.requests.every((count) => count > 0)).toBe(true);
    });

    test('no more threads than connections', async () => {
      const target = await listenFor(echo);
      const { result } = await load(target, { connections: 2, workers: 4, amount: 10 });
      expect(result).toMatchObject({ messages: 10, connections: { opened: 2, served: 2 } });
    });

    test('anew after so many messages, and leaves each in good order', async () => {
      const ends: string[] = [];
      const sources = new Set<string | undefined>();
      const noteEnd = (asked: Asked): void => {
        sources.add(asked.socket.remoteAddress);
        if (asked.index === 0) asked.socket.once('end', () => ends.push('end')).once('error', (error) => ends.push(error.message));
        echo(asked);
      };
      const target = await listenFor(noteEnd);
      const { result } = await load(target, { connections: 1, amount: 40, messagesPerConnection: 5 });
      expect(result).toMatchObject({ messages: 40, failures: {}, connections: { opened: 8, served: 8 } });
      expect(target.requests).toEqual([5, 5, 5, 5, 5, 5, 5, 5]);
      expect(ends.slice(0, 7)).toEqual(Array(7).fill('end'));
      // Each from another address, so that ports don't run out.
      if (process.platform === 'linux') expect(sources.size).toBe(8);
    });

    test('anew after so many messages in a room, too, without mistaking who speaks', async () => {
      const members = new Set<Asked['socket']>();
      const target = await listenFor(({ socket, frame, index }) => {
        if (index === 0) members.add(socket.once('close', () => members.delete(socket)));
        for (const member of members) if (member.writable) member.write(frame);
      });
      const options = { workload: 'chat', connections: 2, amount: 40, messagesPerConnection: 5 };
      const { result, code } = await load(target, options);
      expect(result.errors).toEqual({ missing: 0, duplicated: 0, reordered: 0, corrupt: 0, foreign: 0 });
      expect(code).toBe(0);
      expect(target.requests.reduce((sum, count) => sum + count)).toBe(40);
    });

    test('and ends although the server keeps its side of the abandoned ones open', async () => {
      const target = await listenFor(echo, { allowHalfOpen: true });
      const { result, code } = await load(target, { connections: 2, amount: 20, messagesPerConnection: 1 });
      expect(code).toBe(0);
      expect(result).toMatchObject({ messages: 20, connections: { opened: 20, served: 20 } });
    });

    test('anew where the server resets them, and counts each reset by its name', async () => {
      const target = await listenFor((asked) => {
        // Right after a reply: whether the load generator is about to receive or to send then is chance.
        asked.socket.write(asked.frame, () => asked.index === 2 && asked.socket.resetAndDestroy());
      });
      const { result } = await load(target, { connections: 4, amount: 200 });
      expect(result.messages + result.unanswered).toBe(200);
      expect(Object.values(result.errors)).toEqual([0, 0, 0, 0, 0]);
      // libuv tells a reset that comes together with data as the end of the stream.
      const names = transport.name === 'net' ? ['ECONNRESET', 'ECONNABORTED', 'EPIPE', 'closed'] : ['ECONNRESET'];
      expect(names).toEqual(expect.arrayContaining(Object.keys(result.failures)));
      expect(Object.keys(result.failures)).not.toEqual([]);
    });

    test('to nobody, says so and exits with 2', async () => {
      const { port, close } = await listenFor(echo);
      await close();
      const ended = await LoadProcess.cli(`127.0.0.1:${port}`, '--transport', transport.name, '-c', 3, '--json').ended;
      expect(ended).toMatchObject({ code: 2, stdout: '' });
      expect(ended.stderr).toContain('expected to connect, got ECONNREFUSED');
    });
  });

  describe('where the server serves only one connection at a time', () => {
    test('counts the others as opened but not served', async () => {
      const { address } = await listenFor(unhurried(echoToFirst));
      // In a process of its own, since how busy it is depends on what else is in it.
      const run = LoadProcess.cli(address, '--transport', transport.name, '-c', 5, '-a', 50, '--json');
      const { result } = await run.result();
      expect(result).toMatchObject({ messages: 46, unanswered: 4, connections: { opened: 5, served: 1 } });
      expect(result.fairness).toBeCloseTo(1 / 5, 5);
      expect(withoutPauses(result.warnings).map(({ code }) => code)).toEqual(['connections-unserved', 'too-few-samples']);
    });

    test('prints percentiles that fall on their requests as lower bounds', async () => {
      const target = await listenFor(echoToFirst);
      const { result } = await load(target, { connections: 20, amount: 25 });
      expect(result).toMatchObject({ messages: 6, unanswered: 19, connections: { opened: 20, served: 1 } });
      expect(result.latencyNs).toMatchObject({ count: 25, p90: null, lowerBounds: ['p50', 'max'] });
    });
  });

  describe('carries messages', () => {
    test.each([
      ['fixed', 1],
      ['fixed', 64],
      ['fixed', MIB],
      ['length', 1],
      ['length', MIB],
      ['line', 1],
      ['line', MIB],
    ])('with %s framing of %i bytes', async (framing, sizeBytes) => {
      const target = await listenFor(echo, { framing, sizeBytes });
      const { result, code } = await load(target, { framing, sizeBytes, connections: 2, pipelining: 3, amount: 12 });
      expect(result.errors).toEqual({ missing: 0, duplicated: 0, reordered: 0, corrupt: 0, foreign: 0 });
      expect(result).toMatchObject({ messages: 12, failures: {}, connections: { opened: 2, served: 2 } });
      expect(code).toBe(0);
    });

    test('of a megabyte to a server that reads before it answers', async () => {
      const target = await listenFor(({ socket, frame }) => setImmediate(() => socket.write(frame)), { framing: 'length' });
      const { result } = await load(target, { framing: 'length', sizeBytes: MIB, connections: 4, amount: 16 });
      expect(result).toMatchObject({ messages: 16, failures: {} });
    });
  });
});

test('the load generator finds a reply larger than it asked for corrupt', async () => {
  const framing = byName('length');
  const target = await listenFor(
    ({ socket, frame }) => {
      const request = frame.subarray(framing.headerBytes);
      socket.write(encode(framing, Buffer.concat([request, Buffer.from('and more')])));
    },
    { framing: 'length' },
  );
  const { result, code } = await loadHere(target, { framing: 'length', connections: 1, amount: 1 });
  expect(code).toBe(1);
  expect(result.errors).toMatchObject({ corrupt: 1 });
});

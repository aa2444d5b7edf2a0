/**
 * Servers that misbehave in a known way, in real time. What must come out was worked out by hand; bounds point only in the direction in
 * which a slow machine can't break them. The same in virtual time, to the ms: test/unit/loadgen/open-loop.test.ts.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { LoadResult } from '../../loadgen/result.ts';
import { defaultTransport } from '../../loadgen/transport.ts';
import { posixUnavailable } from '../../posix/libc.ts';
import { close, listen, localPort } from '../../posix/socket.ts';
import { LoadProcess, type Ended } from './load-process.ts';
import { echo, listenFor, type Asked } from './load-target.ts';

const MS = 1e6;
const DELAY_MS = 50;
const FREEZE_MS = 500;

const echoLater = async ({ socket, frame }: Asked): Promise<void> => {
  const reply = Buffer.from(frame);
  await delay(DELAY_MS);
  socket.write(reply);
};

/** Echoes, but does nothing at all for half a second once that many messages have come. */
const freezingAt =
  (overall: number) =>
  (asked: Asked): void => {
    if (asked.overall === overall) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, FREEZE_MS);
    echo(asked);
  };

/** What is made of the replies is the same code over every transport: the usual one here, and the one that is everywhere. */
const transports = new Set([await defaultTransport(), 'net']);

describe.each([...transports])('the load generator over %s', (transport) => {
  const load = (address: string, ...args: (string | number)[]): Promise<Ended & { result: LoadResult }> =>
    LoadProcess.cli(address, '--transport', transport, '--json', ...args).result();

  describe('in a closed loop', () => {
    test('measures a fixed delay, and the rate that follows from it', async () => {
      const { address } = await listenFor((asked) => void echoLater(asked));
      const { result } = await load(address, '-c', 4, '-p', 2, '-a', 160);
      expect(result.latencyNs.p50).toBeGreaterThanOrEqual((DELAY_MS - 1) * MS); // timers count whole ms
      // Little's law: eight in flight, 50 ms each, are at most 160 a second.
      expect(result.messagesPerSecond).toBeLessThanOrEqual(8000 / (DELAY_MS - 1));
      expect(result.messages).toBe(160);
    });

    test('can not see a long freeze but in its maximum', async () => {
      const { address } = await listenFor(freezingAt(1000));
      const { result } = await load(address, '-c', 2, '-a', 4000);
      expect(result.latencyNs.max).toBeGreaterThanOrEqual(FREEZE_MS * MS);
      // Two of 4000 requests waited for it.
      expect(result.latencyNs.p99).toBeLessThan((FREEZE_MS / 2) * MS);
    });
  });

  describe('in an open loop', () => {
    test('shows a long freeze in full', async () => {
      const { address } = await listenFor(freezingAt(500));
      const { result } = await load(address, '-R', 500, '-c', 5, '-a', 1500);
      // The 250 messages planned meanwhile wait for 0 to 500 ms: 1 % of all for 470 or more, 0.1 % for 497.
      const { count, p90, p99, max } = result.latencyNs;
      expect(count).toBe(1500);
      expect(max).toBeGreaterThanOrEqual(FREEZE_MS * MS);
      expect(p99).toBeGreaterThanOrEqual(460 * MS);
      expect(p90).toBeGreaterThanOrEqual(190 * MS);
      expect(result.offered).toMatchObject({ messages: 1500, sent: 1500 });
    });

    test('measures a fixed delay as response time and as service time', async () => {
      const { address } = await listenFor((asked) => void echoLater(asked));
      const { result } = await load(address, '-R', 200, '-c', 4, '-a', 200);
      expect(result.serviceTimeNs!.p50).toBeGreaterThanOrEqual((DELAY_MS - 1) * MS);
      expect(result.latencyNs.p50).toBeGreaterThanOrEqual(result.serviceTimeNs!.p50!);
      expect(result.latencyNs.count).toBe(200);
    });

    test('says that a server is slower than the asked rate, and that the run is not valid', async () => {
      // One reply in 10 ms, one at a time, where 400 a second are asked for.
      let last = Promise.resolve();
      const { address } = await listenFor(({ socket, frame }) => {
        const reply = Buffer.from(frame);
        last = last.then(() => delay(10)).then(() => void socket.write(reply));
      });
      const { code, result } = await load(address, '-R', 400, '-c', 4, '-d', '1s', '--warmup', '100ms');
      expect(code).toBe(3);
      expect(result.valid).toBe(false);
      expect(result.warnings.map((warning) => warning.code)).toContain('achieved-rate');
      expect(result.offered!.messages).toBe(400);
      expect(result.messages).toBeLessThanOrEqual(102);
      expect(result.latencyNs.lowerBounds).toContain('p50');
    });

    test('loses no message of a server that closes each connection after one reply', async () => {
      const { address } = await listenFor(({ socket, frame, index }) => index === 0 && socket.end(frame), { allowHalfOpen: true });
      const { result } = await load(address, '-R', 100, '-c', 2, '-a', 20);
      expect(result.messages + result.unanswered).toBe(20);
      expect(result.latencyNs.count).toBe(20);
      expect(result.failures['closed']).toBeGreaterThan(0);
    });

    test.skipIf(posixUnavailable)(
      'counts every message for a server that accepts nobody, whatever waits in its queue',
      async () => {
        const listener = listen({ host: '127.0.0.1', port: 0 }, 1);
        onTestFinished(() => close(listener));
        const { code, result } = await load(`127.0.0.1:${localPort(listener)}`, '-R', 50, '-c', 6, '-d', '500ms', '--warmup', '0');
        expect(code).toBe(1);
        expect(result).toMatchObject({ messages: 0, unanswered: 25, offered: { messages: 25 }, latencyNs: { count: 25 } });
        expect(result.connections.served).toBe(0);
      },
    );
  });
});

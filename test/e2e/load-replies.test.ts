import type { Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import type { LoadOptions } from '../../loadgen/options.ts';
import type { LoadResult } from '../../loadgen/result.ts';
import { defaultTransport } from '../../loadgen/transport.ts';
import { loadHere, type Loaded } from './load-here.ts';
import { echo, echoBut, halfThenReset, listenFor, type Asked } from './load-target.ts';

const AMOUNT = 20;

/** What was wrong, without the kinds that were not. */
const wrong = ({ result }: { result: LoadResult }): object =>
  Object.fromEntries(
    Object.entries({ ...result.errors, ...result.failures, unanswered: result.unanswered }).filter(([, count]) => count > 0),
  );

/** What is made of the replies is the same code over every transport: the usual one here, and the one that is everywhere. */
const transports = new Set([await defaultTransport(), 'net']);

describe.each([...transports])('the load generator over %s', (transport) => {
  /** One run of 20 requests, four of them in flight, against a server that answers so. */
  async function run(answer: (asked: Asked) => void, options: Partial<LoadOptions> = {}): Promise<Loaded> {
    const target = await listenFor(answer);
    return loadHere(target, { transport, connections: 1, pipelining: 4, amount: AMOUNT, ...options });
  }

  describe('against a server', () => {
    test('that answers everything rightly finds nothing wrong', async () => {
      const ended = await run(echo, { connections: 3 });
      expect(wrong(ended)).toEqual({});
      expect(ended).toMatchObject({
        code: 0,
        result: { messages: AMOUNT, latencyNs: { count: AMOUNT }, connections: { opened: 3, served: 3 } },
      });
    });

    test('that sends its replies byte by byte finds nothing wrong', async () => {
      const ended = await run(({ socket, frame }) => frame.forEach((byte) => socket.write(Buffer.of(byte))));
      expect(wrong(ended)).toEqual({});
      expect(ended).toMatchObject({ code: 0, result: { messages: AMOUNT } });
    });

    test('that holds its replies back and sends them in one write finds nothing wrong', async () => {
      const held: Buffer[] = [];
      const ended = await run(({ socket, frame }) => {
        held.push(frame);
        if (held.length === 4) socket.write(Buffer.concat(held.splice(0)));
      });
      expect(wrong(ended)).toEqual({});
      expect(ended).toMatchObject({ code: 0, result: { messages: AMOUNT } });
    });

    test('that damages one reply counts it corrupt', async () => {
      const ended = await run(
        echoBut(5, ({ socket, frame }) => {
          frame[frame.length - 2]! ^= 1;
          socket.write(frame);
        }),
      );
      expect(wrong(ended)).toEqual({ corrupt: 1 });
      expect(ended).toMatchObject({ code: 1, result: { messages: AMOUNT - 1, latencyNs: { count: AMOUNT } } });
    });

    test('that sends one reply twice counts it duplicated', async () => {
      const ended = await run(echoBut(5, ({ socket, frame }) => void socket.write(Buffer.concat([frame, frame]))));
      expect(wrong(ended)).toEqual({ duplicated: 1 });
      expect(ended).toMatchObject({ code: 1, result: { messages: AMOUNT } });
    });

    test('that swaps two replies counts one reordered', async () => {
      let held: Buffer | undefined;
      const ended = await run(({ socket, frame, overall }) => {
        if (overall === 5) held = frame;
        else if (overall === 6) socket.write(Buffer.concat([frame, held!]));
        else socket.write(frame);
      });
      expect(wrong(ended)).toEqual({ reordered: 1 });
      expect(ended).toMatchObject({ code: 1, result: { messages: AMOUNT - 1 } });
    });

    test('that drops one reply counts it missing, and unanswered with a lower bound', async () => {
      const ended = await run(echoBut(5, () => {}));
      expect(wrong(ended)).toEqual({ missing: 1, unanswered: 1 });
      // Of four in flight one is never answered: three more come back, then nothing may be sent.
      expect(ended).toMatchObject({ code: 1, result: { messages: 8, latencyNs: { count: 9, lowerBounds: ['max'] } } });
    });

    test('that answers each of two connections what the other asked counts both replies foreign', async () => {
      let first: { socket: Socket; frame: Buffer } | undefined;
      const ended = await run(
        ({ socket, frame }) => {
          first?.socket.write(frame);
          if (first !== undefined) socket.write(first.frame);
          first ??= { socket, frame };
        },
        { connections: 2, pipelining: 1, amount: 2 },
      );
      expect(wrong(ended)).toEqual({ foreign: 2, unanswered: 2 });
      expect(ended).toMatchObject({ code: 1, result: { messages: 0, connections: { opened: 2, served: 0 } } });
    });

    test('that ends the connection in the middle of a reply counts that, and goes on with a new connection', async () => {
      const ended = await run(
        echoBut(5, ({ socket, frame }) => void socket.end(frame.subarray(0, 10))),
        { pipelining: 1 },
      );
      expect(wrong(ended)).toEqual({ closed: 1, unanswered: 1 });
      expect(ended.result).toMatchObject({ messages: AMOUNT - 1, connections: { opened: 2, served: 2 } });
      expect(ended.result.warnings.map(({ code }) => code)).toContain('connections-broken');
    });

    test('that ends every connection in the middle of the reply finds that no message came', async () => {
      const ended = await run(({ socket, frame }) => void socket.end(frame.subarray(0, 10)), { pipelining: 1, amount: 3 });
      expect(wrong(ended)).toEqual({ closed: 3, unanswered: 3 });
      expect(ended).toMatchObject({ code: 1, result: { messages: 0, connections: { opened: 3, served: 0 } } });
    });

    test('that resets the connection instead of replying counts that, and goes on with a new connection', async () => {
      const ended = await run(
        echoBut(5, ({ socket }) => void socket.resetAndDestroy()),
        { pipelining: 1 },
      );
      expect(wrong(ended)).toEqual({ ECONNRESET: 1, unanswered: 1 });
      expect(ended.result).toMatchObject({ messages: AMOUNT - 1, connections: { opened: 2, served: 2 } });
    });

    test('that resets the connection in the middle of a reply counts that, too', async () => {
      const ended = await run(echoBut(5, halfThenReset), { pipelining: 1 });
      // libuv tells a reset that comes together with data as the end of the stream.
      expect([{ ECONNRESET: 1 }, { closed: 1 }]).toContainEqual(ended.result.failures);
      expect(ended.result).toMatchObject({ messages: AMOUNT - 1, unanswered: 1, connections: { opened: 2, served: 2 } });
    });
  });
});

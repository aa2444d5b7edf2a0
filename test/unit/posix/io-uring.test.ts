import { describe, expect, onTestFinished, test } from 'vitest';
import { ACCEPT, CompletionRing, ioUringUnavailable, POLL, RECEIVE, SEND, setUps } from '../../../posix/io-uring.ts';
import { addressOf, EINVAL, ENOBUFS, posixUnavailable } from '../../../posix/libc.ts';
import { WRITABLE } from '../../../posix/poller.ts';
import { close, connectNonBlocking, listen, localPort, pendingError, sendAll, SHUT_RDWR, shutdown } from '../../../posix/socket.ts';
import { closedAfterTest, connectedPair, readText } from './connected-pair.ts';

/** Only ever reached by a failing test. */
const DEADLINE_MS = 30_000;
const EPIPE = 32;

interface Completion {
  operation: number;
  key: number;
  result: number;
  continues: boolean;
  text: string;
}

/** So many completions, however many come at a time. */
function completions(ring: CompletionRing, count: number): Completion[] {
  const found: Completion[] = [];
  while (found.length < count) {
    const completed = ring.wait(DEADLINE_MS);
    if (completed === 0) throw new Error(`waited ${DEADLINE_MS / 1000} s in vain for ${count} completions, got ${found.length}`);
    for (let index = 0; index < completed; index += 1) {
      const [operation, result] = [ring.operationAt(index), ring.resultAt(index)];
      const text = operation === RECEIVE && result > 0 ? ring.chunkAt(index).toString('latin1') : '';
      found.push({ operation, key: ring.keyAt(index), result, continues: ring.continuesAt(index), text });
    }
  }
  return found;
}

const received = (key: number, text: string): Partial<Completion> => ({ operation: RECEIVE, key, result: text.length, text });

describe.skipIf(posixUnavailable ?? ioUringUnavailable()).each([
  ['as of Linux 6.1', setUps[0]],
  ['as of Linux 5.19', setUps[1]],
])('a completion ring set up %s', (_, flags) => {
  function newRing(capacity?: number): CompletionRing {
    const ring = new CompletionRing(flags, capacity);
    onTestFinished(() => ring.close());
    return ring;
  }

  test('waits no longer than it is told to', () => {
    expect(newRing().wait(0)).toBe(0);
    expect(newRing().wait(1.5)).toBe(0);
  });

  test('receives what comes, each time that it is asked to, under the key of the request', () => {
    const [one, other] = [connectedPair(), connectedPair()];
    const ring = newRing();
    ring.receive(one.server, 7);
    ring.receive(other.server, 1_000_000);
    expect(ring.wait(0)).toBe(0);
    sendAll(other.client, Buffer.from('first'));
    expect(completions(ring, 1)).toMatchObject([received(1_000_000, 'first')]);
    sendAll(other.client, Buffer.from('unasked'));
    expect(ring.wait(0)).toBe(0);
    ring.receive(other.server, 3);
    expect(completions(ring, 1)).toMatchObject([received(3, 'unasked')]);
    sendAll(one.client, Buffer.from('at last'));
    expect(completions(ring, 1)).toMatchObject([received(7, 'at last')]);
  });

  test('says that the client has sent everything', () => {
    const { client, server } = connectedPair();
    const ring = newRing();
    ring.receive(server, 1);
    shutdown(client, SHUT_RDWR);
    expect(completions(ring, 1)).toMatchObject([{ operation: RECEIVE, key: 1, result: 0 }]);
  });

  test('sends from memory', () => {
    const { client, server } = connectedPair();
    const ring = newRing();
    const bytes = Buffer.allocUnsafeSlow(100).fill('x');
    bytes.write('hello', 10);
    ring.send(server, addressOf(bytes) + 10, 5, 2);
    expect(completions(ring, 1)).toMatchObject([{ operation: SEND, key: 2, result: 5 }]);
    expect(readText(client, 5)).toBe('hello');
  });

  test('tells once that a descriptor has become writable', () => {
    const listener = closedAfterTest(listen({ host: '127.0.0.1', port: 0 }, 2, { nonBlocking: true }));
    const client = closedAfterTest(connectNonBlocking({ host: '127.0.0.1', port: localPort(listener) }));
    const ring = newRing();
    ring.poll(client, WRITABLE, 4);
    const [told] = completions(ring, 1) as [Completion];
    expect(told).toMatchObject({ operation: POLL, key: 4, continues: false });
    expect(told.result & WRITABLE).toBe(WRITABLE);
    expect(pendingError(client)).toBe(0);
  });

  test('shows received bytes at the beginning of memory that is the same for the same buffer', () => {
    const { client, server } = connectedPair();
    const ring = newRing();
    const seen = new Set<Buffer>();
    for (let turn = 0; turn < 1000; turn += 1) {
      sendAll(client, Buffer.from('hello'));
      ring.receive(server, turn);
      expect(ring.wait(DEADLINE_MS)).toBe(1);
      expect(ring.memoryAt(0).toString('latin1', 0, ring.resultAt(0))).toBe('hello');
      seen.add(ring.memoryAt(0));
    }
    expect(seen.size).toBeLessThan(1000);
  });

  test('completes a send that waits, and a receive, when the connection is shut down', () => {
    const { server } = connectedPair();
    const ring = newRing();
    const bytes = Buffer.alloc(32 << 20); // more than the kernel takes while nobody reads
    ring.receive(server, 3);
    do ring.send(server, addressOf(bytes), bytes.length, 2);
    while (ring.wait(0) > 0 && ring.resultAt(0) > 0);
    shutdown(server, SHUT_RDWR);
    const [receive, send] = completions(ring, 2).toSorted((a, b) => b.key - a.key);
    expect(receive).toMatchObject({ operation: RECEIVE, key: 3, result: 0 });
    expect(send).toMatchObject({ operation: SEND, key: 2 }); // a part, if room came up just before
    expect(send!.result === -EPIPE || (send!.result > 0 && send!.result < bytes.length)).toBe(true);
  });

  test('accepts one client after the other, until the listening socket is shut down', () => {
    const listener = closedAfterTest(listen({ host: '127.0.0.1', port: 0 }, 2, { nonBlocking: true }));
    const ring = newRing();
    ring.accept(listener, 5);
    expect(ring.wait(0)).toBe(0);
    for (const greeting of ['one', 'two']) {
      closedAfterTest(connectNonBlocking({ host: '127.0.0.1', port: localPort(listener) }));
      const [client] = completions(ring, 1) as [Completion];
      expect(client).toMatchObject({ operation: ACCEPT, key: 5, continues: true });
      sendAll(client.result, Buffer.from(greeting));
      close(client.result);
    }
    shutdown(listener, SHUT_RDWR);
    expect(completions(ring, 1)).toMatchObject([{ operation: ACCEPT, key: 5, result: -EINVAL, continues: false }]);
  });

  test('takes more requests than it has room for at a time, and forgets none', () => {
    const { client, server } = connectedPair();
    const ring = newRing(4);
    const bytes = Buffer.from('x');
    for (let key = 0; key < 100; key += 1) ring.send(server, addressOf(bytes), 1, key);
    const keys = completions(ring, 100).map(({ key }) => key);
    expect(keys).toEqual(Array.from({ length: 100 }, (__, key) => key));
    expect(readText(client, 100)).toBe('x'.repeat(100));
  });

  test('has memory for more receives than it has buffers, in turns', () => {
    const { client, server } = connectedPair();
    const ring = newRing();
    for (let turn = 0; turn < 1000; turn += 1) {
      sendAll(client, Buffer.from(`turn ${turn}`));
      ring.receive(server, turn);
      expect(completions(ring, 1)).toMatchObject([received(turn, `turn ${turn}`)]);
    }
  });

  test('says ENOBUFS to those for whom no buffer is left, and receives for them when asked again', () => {
    const pairs = Array.from({ length: 300 }, () => connectedPair());
    const ring = newRing();
    for (const { client } of pairs) sendAll(client, Buffer.from('x'));
    let waiting = pairs.map(({ server }) => server);
    let turnedAway = 0;
    while (waiting.length > 0) {
      for (const server of waiting) ring.receive(server, server);
      const all = completions(ring, waiting.length);
      waiting = all.filter(({ result }) => result === -ENOBUFS).map(({ key }) => key);
      turnedAway += waiting.length;
      expect(all.filter(({ result }) => result === 1)).toHaveLength(all.length - waiting.length);
    }
    expect(turnedAway).toBeGreaterThan(0);
  });

  test('throws, naming the call, at flags that the kernel does not know', () => {
    expect(() => new CompletionRing(1 << 31)).toThrow(
      expect.objectContaining({ code: 'EINVAL', message: expect.stringContaining('io_uring_setup') }),
    );
  });
});

describe.skipIf(posixUnavailable ?? ioUringUnavailable())('the best completion ring', () => {
  test('is the first whose flags the kernel knows', () => {
    const ring = CompletionRing.open([1 << 31, setUps[1]]);
    onTestFinished(() => ring.close());
    expect(ring.wait(0)).toBe(0);
  });

  test('is missing when the kernel knows none', () => {
    expect(() => CompletionRing.open([1 << 31, 1 << 30])).toThrow(expect.objectContaining({ code: 'EINVAL' }));
  });
});

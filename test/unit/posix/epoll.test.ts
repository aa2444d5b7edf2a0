import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { Epoll } from '../../../posix/epoll.ts';
import { HUNG_UP, READABLE, WRITABLE } from '../../../posix/poller.ts';
import { posixUnavailable } from '../../../posix/libc.ts';
import { close, connectNonBlocking, listen, localPort, receive, sendAll, SHUT_RDWR, shutdown } from '../../../posix/socket.ts';
import { closedAfterTest, connectedPair } from './connected-pair.ts';

/** Only ever reached by a failing test. */
const DEADLINE_MS = 30_000;

function newEpoll(capacity?: number): Epoll {
  const epoll = new Epoll(capacity === undefined ? {} : { capacity });
  onTestFinished(() => epoll.close());
  return epoll;
}

/** What is ready, as [key, events], once something is. */
function ready(epoll: Epoll, timeoutMs = DEADLINE_MS): [number, number][] {
  return Array.from({ length: epoll.wait(timeoutMs) }, (_, index) => [epoll.keyAt(index), epoll.eventsAt(index)]);
}

beforeEach((context) => {
  if (posixUnavailable !== undefined) context.skip(posixUnavailable);
});

describe('epoll', () => {
  test('says nothing of a socket that has nothing to read', () => {
    const { server } = connectedPair();
    const epoll = newEpoll();
    epoll.add(server, READABLE, 7);
    expect(ready(epoll, 0)).toEqual([]);
  });

  test('says which socket has something to read, by its key, until it has been read', () => {
    const [one, other] = [connectedPair(), connectedPair()];
    const epoll = newEpoll();
    epoll.add(one.server, READABLE, 7);
    epoll.add(other.server, READABLE, 1_000_000);
    sendAll(other.client, Buffer.from('x'));
    expect(ready(epoll)).toEqual([[1_000_000, READABLE]]);
    expect(ready(epoll)).toEqual([[1_000_000, READABLE]]);
    expect(receive(other.server, Buffer.alloc(10))).toBe(1);
    expect(ready(epoll, 0)).toEqual([]);
    sendAll(one.client, Buffer.from('x'));
    expect(ready(epoll)).toEqual([[7, READABLE]]);
  });

  test('says that an open connection can be written to', () => {
    const { client } = connectedPair();
    const epoll = newEpoll();
    epoll.add(client, READABLE | WRITABLE, 3);
    expect(ready(epoll)).toEqual([[3, WRITABLE]]);
  });

  test('watches for what it was last told to, under the key that it was last told', () => {
    const { client, server } = connectedPair();
    const epoll = newEpoll();
    epoll.add(server, WRITABLE, 1);
    epoll.modify(server, READABLE, 2);
    expect(ready(epoll, 0)).toEqual([]);
    sendAll(client, Buffer.from('x'));
    expect(ready(epoll)).toEqual([[2, READABLE]]);
  });

  test('says that the connection is over', () => {
    const { client, server } = connectedPair();
    const epoll = newEpoll();
    epoll.add(server, READABLE, 5);
    shutdown(client, SHUT_RDWR);
    expect(ready(epoll)).toEqual([[5, READABLE]]); // the end of the stream is something to read
    shutdown(server, SHUT_RDWR);
    expect(ready(epoll)).toEqual([[5, READABLE | HUNG_UP]]);
  });

  test('forgets a socket that was removed', () => {
    const { server } = connectedPair();
    const epoll = newEpoll();
    epoll.add(server, WRITABLE, 1);
    expect(ready(epoll)).toHaveLength(1);
    epoll.remove(server);
    expect(ready(epoll, 0)).toEqual([]);
  });

  test('forgets a socket that was closed', () => {
    const listener = listen({ host: '127.0.0.1', port: 0 }, 1);
    const epoll = newEpoll();
    epoll.add(listener, READABLE, 1);
    closedAfterTest(connectNonBlocking({ host: '127.0.0.1', port: localPort(listener) }));
    expect(ready(epoll)).toEqual([[1, READABLE]]);
    close(listener);
    expect(ready(epoll, 0)).toEqual([]);
  });

  test('gives as many at a time as it has room for, and the others next', () => {
    const epoll = newEpoll(2);
    const pairs = [connectedPair(), connectedPair(), connectedPair()];
    pairs.forEach(({ server }, key) => epoll.add(server, WRITABLE, key));
    const first = ready(epoll);
    expect(first).toHaveLength(2);
    const keys = [...first, ...ready(epoll)].map(([key]) => key);
    expect(new Set(keys)).toEqual(new Set([0, 1, 2]));
  });

  test('throws, naming call and descriptor, at a socket that it watches already, or does not watch', () => {
    const { client, server } = connectedPair();
    const epoll = newEpoll();
    epoll.add(server, READABLE, 1);
    expect(() => epoll.add(server, READABLE, 1)).toThrow(
      expect.objectContaining({ code: 'EEXIST', message: `epoll_ctl on descriptor ${server}: EEXIST, file already exists` }),
    );
    expect(() => epoll.modify(client, READABLE, 1)).toThrow(expect.objectContaining({ code: 'ENOENT' }));
    expect(() => epoll.remove(client)).toThrow(expect.objectContaining({ code: 'ENOENT' }));
  });
});

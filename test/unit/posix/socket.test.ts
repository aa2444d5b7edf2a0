import { beforeEach, describe, expect, test } from 'vitest';
import { READABLE, WRITABLE } from '../../../posix/poller.ts';
import { posixUnavailable } from '../../../posix/libc.ts';
import type { Address } from '../../../posix/address.ts';
import * as socket from '../../../posix/socket.ts';
import { closedAfterTest, connectedPair, readText, waitFor } from './connected-pair.ts';

const LOOPBACK = '127.0.0.1';
/** All of 127/8 is loopback on Linux: nobody else listens here. */
const QUIET_LOOPBACK = '127.0.0.2';
const EBADF = -9;
const ECONNREFUSED = 111;

/** A listening socket that is closed when the test is over. */
const listening = (host = LOOPBACK, port = 0): number => closedAfterTest(socket.listen({ host, port }, 1));

/** Why nothing can listen there, or undefined where something can. */
function obstacleTo(host: string): string | undefined {
  try {
    listening(host);
    return undefined;
  } catch (error) {
    return `nothing can listen on ${host} here: ${String(error)}`;
  }
}

beforeEach((context) => {
  if (posixUnavailable !== undefined) context.skip(posixUnavailable);
});

describe('a system call that fails', () => {
  test('throws an error with the name of the errno, the call and the descriptor', () => {
    const port = socket.localPort(listening());
    expect(() => listening(LOOPBACK, port)).toThrow(
      expect.objectContaining({
        name: 'SockbenchError',
        code: 'EADDRINUSE',
        message: expect.stringMatching(/^bind to 127\.0\.0\.1:\d+ on descriptor \d+: EADDRINUSE, address already in use$/),
      }),
    );
  });

  test.each([
    ['accept', () => socket.accept(-1)],
    ['getsockname', () => socket.localPort(-1)],
    ['getsockopt SO_ERROR', () => socket.pendingError(-1)],
    ['setsockopt TCP_NODELAY', () => socket.setOption(-1, 'TCP_NODELAY', 1)],
  ])('throws EBADF from %s for a descriptor that is none', (syscall, call) => {
    const message = `${syscall} on descriptor -1: EBADF, bad file descriptor`;
    expect(call).toThrow(expect.objectContaining({ code: 'EBADF', message }));
  });

  test('is a negative number, not an exception, where loops read and write', () => {
    expect(socket.receive(-1, Buffer.alloc(1))).toBe(EBADF);
    expect(socket.send(-1, Buffer.alloc(1), 1)).toBe(EBADF);
    expect(socket.sendAll(-1, Buffer.alloc(1))).toBe(EBADF);
    expect(socket.wouldBlock(EBADF)).toBe(false);
  });
});

describe('a listening socket', () => {
  test('accepts nobody any more once it was shut down, and says so instead of waiting', () => {
    const listener = listening();
    socket.shutdown(listener, socket.SHUT_RD);
    expect(socket.accept(listener)).toBeUndefined();
  });

  test('has a port of its own where none was asked for, and can be given one', () => {
    const port = socket.localPort(listening());
    expect(port).toBeGreaterThan(0);
    expect(socket.localPort(listening(QUIET_LOOPBACK, port))).toBe(port);
  });

  test.for([LOOPBACK, '127.1.2.3', '0.0.0.0', '::1', '0:0:0:0:0:0:0:1', '0:0::1', '::'])(
    'on %s is reached at that address',
    (host, context) => {
      const obstacle = obstacleTo(host);
      if (obstacle !== undefined) context.skip(obstacle);
      const { client, server } = connectedPair(host);
      expect(socket.sendAll(server, Buffer.from('welcome'))).toBe(0);
      expect(readText(client, 7)).toBe('welcome');
    },
  );

  test.for([LOOPBACK, '::1'])('on %s is not reached at another address', (host, context) => {
    const obstacle = obstacleTo(host);
    if (obstacle !== undefined) context.skip(obstacle);
    expect(connecting({ host: QUIET_LOOPBACK, port: socket.localPort(listening(host)) })).toBe(ECONNREFUSED);
  });
});

describe('a connection', () => {
  test('carries bytes both ways, and the end of each way apart', () => {
    const { client, server } = connectedPair();
    socket.sendAll(client, Buffer.from('question'));
    socket.sendAll(server, Buffer.from('answer'));
    expect(readText(server, 8)).toBe('question');
    expect(readText(client, 6)).toBe('answer');
    socket.shutdown(server, socket.SHUT_RDWR);
    waitFor(client, READABLE);
    expect(socket.receive(client, Buffer.alloc(1))).toBe(0);
  });

  test('would block where nothing has come, if it was asked not to', () => {
    const { client } = connectedPair();
    expect(socket.wouldBlock(socket.receive(client, Buffer.alloc(1)))).toBe(true);
  });

  test('takes no more than fits, if it was asked not to block', () => {
    const { client, server } = connectedPair();
    const plenty = Buffer.alloc(1 << 26, 'x');
    const taken = socket.send(client, plenty, plenty.length);
    expect(taken).toBeGreaterThan(0);
    expect(taken).toBeLessThan(plenty.length);
    expect(readText(server, taken)).toHaveLength(taken);
  });

  test('is refused where nobody listens any more', () => {
    const listener = socket.listen({ host: QUIET_LOOPBACK, port: 0 }, 1);
    const port = socket.localPort(listener);
    socket.close(listener);
    expect(connecting({ host: QUIET_LOOPBACK, port })).toBe(ECONNREFUSED);
  });
});

/** The errno of connecting, 0 when it works; whether the kernel tells at once or later. */
function connecting(address: Address): number {
  try {
    const fd = closedAfterTest(socket.connectNonBlocking(address));
    waitFor(fd, WRITABLE);
    return socket.pendingError(fd);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ECONNREFUSED') return ECONNREFUSED;
    throw error;
  }
}

import { onTestFinished } from 'vitest';
import { Epoll } from '../../../posix/epoll.ts';
import { READABLE, WRITABLE } from '../../../posix/poller.ts';
import { accept, close, connectNonBlocking, listen, localPort, pendingError, receive } from '../../../posix/socket.ts';

/** Only ever reached by a failing test. */
const DEADLINE_MS = 30_000;

export function closedAfterTest(fd: number): number {
  onTestFinished(() => close(fd));
  return fd;
}

/** Both ends of a TCP connection: reads from `client` don't block, those from `server` do. */
export function connectedPair(host = '127.0.0.1'): { client: number; server: number } {
  const listener = closedAfterTest(listen({ host, port: 0 }, 1));
  const client = closedAfterTest(connectNonBlocking({ host, port: localPort(listener) }));
  waitFor(client, WRITABLE);
  if (pendingError(client) !== 0) throw new Error(`expected to be connected, got errno ${pendingError(client)}`);
  const server = closedAfterTest(accept(listener)!); // connected already, so this doesn't wait
  return { client, server };
}

/** Sleeps until the descriptor is ready. */
export function waitFor(fd: number, events: number): void {
  const epoll = new Epoll();
  epoll.add(fd, events, 0);
  const ready = epoll.wait(DEADLINE_MS);
  epoll.close();
  if (ready === 0) throw new Error(`waited ${DEADLINE_MS / 1000} s in vain until descriptor ${fd} is ready`);
}

/** Reads so many bytes, or up to the end of the stream. */
export function readText(fd: number, length: number): string {
  const buffer = Buffer.alloc(length);
  for (let at = 0; at < length;) {
    waitFor(fd, READABLE);
    const received = receive(fd, buffer.subarray(at));
    if (received <= 0) return buffer.toString('latin1', 0, at);
    at += received;
  }
  return buffer.toString('latin1');
}

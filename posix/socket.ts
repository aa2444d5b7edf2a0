import { encodeAddress, family, type Address } from './address.ts';
import { WRITABLE } from './poller.ts';
import {
  checked,
  EAGAIN,
  EINPROGRESS,
  EINTR,
  EINVAL,
  EMFILE,
  ENFILE,
  ENOBUFS,
  ENOMEM,
  lastErrno,
  libc,
  systemError,
} from './libc.ts';

const SOCK_STREAM = 1;
const SOCK_NONBLOCK = 0o4000;
const SOCK_CLOEXEC = 0o2000000;

/** A signal, or a client that gave up while it waited (accept(2): treat network errors like EAGAIN). */
const TRANSIENT_ACCEPT_ERRORS = new Set([EINTR, 103 /* ECONNABORTED */, 71 /* EPROTO */]);

/** There is no descriptor left, or no memory for a socket. */
const NO_ROOM_ERRORS = new Set([EMFILE, ENFILE, ENOBUFS, ENOMEM]);

/** How long whoever accepts rests when there is no room: asking again at once would be a spin. */
export const NO_ROOM_REST_MS = 50;

const MSG_OOB = 1;
const MSG_NOSIGNAL = 0x4000;
const MSG_DONTWAIT = 0x40;

export const SHUT_RD = 0;
export const SHUT_RDWR = 2;

/** Socket options as [level, name], by the name that `setsockopt(2)` calls them. */
const options = {
  IP_BIND_ADDRESS_NO_PORT: [0, 24],
  SO_REUSEADDR: [1, 2],
  SO_ERROR: [1, 4],
  SO_REUSEPORT: [1, 15],
  TCP_NODELAY: [6, 1],
} as const;

export interface ListenOptions {
  /** Calls on it never wait. */
  nonBlocking?: boolean;
  /** Several sockets may listen on the address; the kernel deals connections out among them (SO_REUSEPORT). */
  reusePort?: boolean;
}

/** A bound, listening socket; `accept` on it blocks unless asked otherwise. Throws EADDRINUSE, EACCES and the like. */
export function listen({ host, port }: Address, backlog: number, { nonBlocking, reusePort }: ListenOptions = {}): number {
  const type = SOCK_STREAM | SOCK_CLOEXEC | (nonBlocking ? SOCK_NONBLOCK : 0);
  const fd = checked('socket', -1, libc.socket(family(host), type, 0));
  try {
    setOption(fd, 'SO_REUSEADDR', 1);
    if (reusePort) setOption(fd, 'SO_REUSEPORT', 1);
    const address = encodeAddress(host, port);
    checked(`bind to ${host}:${port}`, fd, libc.bind(fd, address, address.length));
    checked('listen', fd, libc.listen(fd, backlog));
    return fd;
  } catch (error) {
    libc.close(fd);
    throw error;
  }
}

/** Keeps a port for sockets that share it with SO_REUSEPORT, without listening. Throws EADDRINUSE, EACCES and the like. */
export function reservePort({ host, port }: Address): number {
  const fd = checked('socket', -1, libc.socket(family(host), SOCK_STREAM | SOCK_CLOEXEC, 0));
  try {
    setOption(fd, 'SO_REUSEPORT', 1);
    const address = encodeAddress(host, port);
    checked(`bind to ${host}:${port}`, fd, libc.bind(fd, address, address.length));
    return fd;
  } catch (error) {
    libc.close(fd);
    throw error;
  }
}

/**
 * Sleeps until a client comes, and while there is no descriptor left. Returns the client's, or undefined once the
 * listening socket was shut down.
 */
export function accept(listener: number, { nonBlocking = false } = {}): number | undefined {
  for (;;) {
    const fd = libc.accept4(listener, null, null, nonBlocking ? SOCK_CLOEXEC | SOCK_NONBLOCK : SOCK_CLOEXEC);
    if (fd >= 0) return fd;
    const errno = lastErrno();
    if (errno === EINVAL) return undefined; // shut down
    if (NO_ROOM_ERRORS.has(errno)) {
      if (isShutDown(listener, NO_ROOM_REST_MS)) return undefined;
    } else if (!TRANSIENT_ACCEPT_ERRORS.has(errno)) throw systemError('accept', listener, errno);
  }
}

/**
 * A client's descriptor, non-blocking; -EAGAIN when nobody waits; another negative errno otherwise, -EINVAL once the
 * listening socket was shut down.
 */
export function acceptNonBlocking(listener: number): number {
  for (;;) {
    const fd = libc.accept4(listener, null, null, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd >= 0) return fd;
    const errno = lastErrno();
    if (NO_ROOM_ERRORS.has(errno) && isShutDown(listener, 0)) return -EINVAL;
    if (!TRANSIENT_ACCEPT_ERRORS.has(errno)) return -errno;
  }
}

/** Whether a listening socket is shut down, or is within so long. Without a free descriptor accept(2) doesn't say so; poll(2) does. */
export function isShutDown(listener: number, withinMs = 0): boolean {
  return libc.poll(Int32Array.of(listener, 0), 1, withinMs) > 0;
}

/**
 * Begins to connect without waiting: the descriptor is writable when done, and `pendingError` says how it went.
 * @param source the own address to connect from; the kernel's choice when left out
 */
export function connectNonBlocking({ host, port }: Address, source?: string): number {
  const fd = checked('socket', -1, libc.socket(family(host), SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  try {
    setOption(fd, 'TCP_NODELAY', 1);
    if (source !== undefined) bindAddress(fd, source);
    const address = encodeAddress(host, port);
    const failed = libc.connect(fd, address, address.length) === -1 && lastErrno() !== EINPROGRESS;
    if (failed) throw systemError(`connect to ${host}:${port}`, fd, lastErrno());
    return fd;
  } catch (error) {
    libc.close(fd);
    throw error;
  }
}

/** The port is left to `connect`, which may take one that is in use towards another peer (ip(7)). */
function bindAddress(fd: number, host: string): void {
  setOption(fd, 'IP_BIND_ADDRESS_NO_PORT', 1);
  const address = encodeAddress(host, 0);
  checked(`bind to ${host}`, fd, libc.bind(fd, address, address.length));
}

/**
 * One read: the number of bytes, 0 at the end of the stream, -EAGAIN when a non-blocking socket has nothing,
 * or another negative errno. A number, not an exception, because loops call this for every message.
 */
export function receive(fd: number, buffer: Uint8Array): number {
  for (;;) {
    const received = libc.recv(fd, buffer, buffer.length, 0);
    if (received >= 0) return received;
    const errno = lastErrno();
    if (errno !== EINTR) return -errno;
  }
}

/** One write, with the same convention as `receive`; a closed peer is -EPIPE. */
export function send(fd: number, bytes: Uint8Array, length: number): number {
  for (;;) {
    const sent = libc.send(fd, bytes, length, MSG_NOSIGNAL);
    if (sent >= 0) return sent;
    const errno = lastErrno();
    if (errno !== EINTR) return -errno;
  }
}

/** Sends a byte past the stream, as telnet did for an interrupt: the peer's stream goes on without it (tcp(7), urgent data). */
export function sendUrgent(fd: number): void {
  checked('send of urgent data', fd, libc.send(fd, Buffer.of(1), 1, MSG_NOSIGNAL | MSG_OOB));
}

/** Writes everything to a blocking socket. Returns 0, or the negative errno that ended it. */
export function sendAll(fd: number, bytes: Uint8Array): number {
  for (let rest = bytes; rest.length > 0;) {
    const sent = send(fd, rest, rest.length);
    if (sent < 0) return sent;
    rest = rest.subarray(sent);
  }
  return 0;
}

/**
 * Writes everything to a socket that is blocking for others, but never waits longer than `patienceMs` for the peer to read.
 * @returns the number of bytes that it took, or the negative errno that ended it
 */
export function sendWithin(fd: number, bytes: Uint8Array, patienceMs: number): number {
  const atOnce = libc.send(fd, bytes, bytes.length, MSG_NOSIGNAL | MSG_DONTWAIT);
  return atOnce === bytes.length ? atOnce : sendRestWithin(fd, bytes, Math.max(atOnce, 0), patienceMs);
}

function sendRestWithin(fd: number, bytes: Uint8Array, sentBytes: number, patienceMs: number): number {
  const until = performance.now() + patienceMs;
  const writable = Int32Array.of(fd, WRITABLE);
  for (let done = sentBytes; ;) {
    const rest = bytes.subarray(done);
    const sent = libc.send(fd, rest, rest.length, MSG_NOSIGNAL | MSG_DONTWAIT);
    const errno = sent < 0 ? lastErrno() : 0;
    done += Math.max(sent, 0);
    if (done === bytes.length) return done;
    if (errno !== 0 && errno !== EAGAIN && errno !== EINTR) return -errno;
    const leftMs = Math.ceil(until - performance.now());
    if (leftMs <= 0) return done;
    libc.poll(writable, 1, leftMs);
    writable[1] = WRITABLE; // without what poll has answered
  }
}

export function setOption(fd: number, name: keyof typeof options, value: number): void {
  const [level, option] = options[name];
  checked(`setsockopt ${name}`, fd, libc.setsockopt(fd, level, option, Int32Array.of(value), 4));
}

/** The outcome of a non-blocking connect: 0, or an errno. */
export function pendingError(fd: number): number {
  const value = new Int32Array(1);
  checked('getsockopt SO_ERROR', fd, libc.getsockopt(fd, ...options.SO_ERROR, value, Int32Array.of(4)));
  return value[0]!;
}

export function localPort(fd: number): number {
  const address = Buffer.alloc(28);
  checked('getsockname', fd, libc.getsockname(fd, address, Int32Array.of(address.length)));
  return address.readUInt16BE(2);
}

export function shutdown(fd: number, how: number): void {
  libc.shutdown(fd, how); // ENOTCONN only says that the peer was faster
}

export function close(fd: number): void {
  libc.close(fd);
}

export const wouldBlock = (result: number): boolean => result === -EAGAIN;

/** Whether `acceptNonBlocking` failed for want of a descriptor, or of memory. */
export const noRoom = (result: number): boolean => NO_ROOM_ERRORS.has(-result);

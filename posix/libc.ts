import { createRequire } from 'node:module';
import { getSystemErrorMap } from 'node:util';
import type { LibraryHandle } from 'koffi';
import { SockbenchError } from '../errors/sockbench-error.ts';

/**
 * The C library's calls that sockbench needs, each declared here once. Loading never throws: where koffi has no binary
 * for this platform the calls throw E_POSIX_UNAVAILABLE, and `posixUnavailable` says why, so that a model can be listed
 * as unavailable rather than crash the list.
 */
const opened = open();

/** Why these calls can't be used here, or undefined where they can. */
export const posixUnavailable: string | undefined = opened.reason;

type Bytes = Uint8Array | Int32Array;

export const libc = {
  accept4: declare<(fd: number, address: null, length: null, flags: number) => number>('int accept4(int, void *, void *, int)'),
  bind: declare<(fd: number, address: Bytes, length: number) => number>('int bind(int, void *, uint32_t)'),
  clock_gettime: declare<(clock: number, time: BigInt64Array) => number>('int clock_gettime(int, void *)'),
  close: declare<(fd: number) => number>('int close(int)'),
  connect: declare<(fd: number, address: Bytes, length: number) => number>('int connect(int, void *, uint32_t)'),
  epoll_create1: declare<(flags: number) => number>('int epoll_create1(int)'),
  epoll_ctl: declare<(epoll: number, operation: number, fd: number, event: Bytes) => number>(
    'int epoll_ctl(int, int, int, void *)',
  ),
  epoll_wait: declare<(epoll: number, events: Bytes, capacity: number, timeoutMs: number) => number>(
    'int epoll_wait(int, void *, int, int)',
  ),
  getsockname: declare<(fd: number, address: Bytes, length: Int32Array) => number>('int getsockname(int, void *, void *)'),
  getsockopt: declare<(fd: number, level: number, option: number, value: Int32Array, length: Int32Array) => number>(
    'int getsockopt(int, int, int, void *, void *)',
  ),
  listen: declare<(fd: number, backlog: number) => number>('int listen(int, int)'),
  prctl: declare<(option: number, value: number) => number>('int prctl(int, ulong)'),
  recv: declare<(fd: number, buffer: Uint8Array, length: number, flags: number) => number>(
    'int64_t recv(int, void *, size_t, int)',
  ),
  sched_getaffinity: declare<(pid: number, bytes: number, mask: Uint8Array) => number>(
    'int sched_getaffinity(int, size_t, void *)',
  ),
  sched_setaffinity: declare<(pid: number, bytes: number, mask: Uint8Array) => number>(
    'int sched_setaffinity(int, size_t, void *)',
  ),
  send: declare<(fd: number, buffer: Uint8Array, length: number, flags: number) => number>(
    'int64_t send(int, void *, size_t, int)',
  ),
  setsockopt: declare<(fd: number, level: number, option: number, value: Int32Array, length: number) => number>(
    'int setsockopt(int, int, int, void *, uint32_t)',
  ),
  shutdown: declare<(fd: number, how: number) => number>('int shutdown(int, int)'),
  socket: declare<(domain: number, type: number, protocol: number) => number>('int socket(int, int, int)'),
};

/** Errno values of Linux that callers tell apart. */
export const EINTR = 4;
export const EAGAIN = 11;
export const EINPROGRESS = 115;

/** The errno of the last call that returned -1 on this thread. */
export const lastErrno = opened.lastErrno;

/** A failed system call as an error: `code` is the errno's name, the message names call and descriptor. */
export function systemError(syscall: string, fd: number, errnoValue: number = lastErrno()): SockbenchError {
  const [name, text] = getSystemErrorMap().get(-errnoValue) ?? [`ERRNO_${errnoValue}`, 'unknown error'];
  return new SockbenchError(name, `${syscall} on descriptor ${fd}: ${name}, ${text}`);
}

/** Passes a call's result through. Throws `systemError` when it is -1. */
export function checked(syscall: string, fd: number, result: number): number {
  if (result === -1) throw systemError(syscall, fd);
  return result;
}

function noErrno(): number {
  return 0;
}

function open(): { library?: LibraryHandle; lastErrno: () => number; reason?: string } {
  if (process.platform !== 'linux') return { lastErrno: noErrno, reason: `needs Linux, this is ${process.platform}` };
  try {
    const koffi = createRequire(import.meta.url)('koffi') as typeof import('koffi').default;
    return { library: koffi.load(null), lastErrno: () => koffi.errno() };
  } catch (cause) {
    return {
      lastErrno: noErrno,
      reason: `koffi has no binary for ${process.platform}-${process.arch} here: ${String(cause).split('\n', 1).join()}`,
    };
  }
}

// The signature is the only source of the type, and only its author can vouch for it.
function declare<Call>(signature: string): Call {
  const unavailable = (): never => {
    throw new SockbenchError('E_POSIX_UNAVAILABLE', `expected system calls through koffi; ${opened.reason}`, {
      remedy: 'use a model or transport built on node:net, such as event-loop or --transport net',
    });
  };
  return (opened.library ? opened.library.func(signature) : unavailable) as Call;
}

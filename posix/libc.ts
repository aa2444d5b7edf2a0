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

/** An address in this process, as koffi gives it. */
export type Pointer = bigint;

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
  /** Absent from C libraries older than glibc 2.35, and from musl. */
  epoll_pwait2: declareWherePresent<(epoll: number, events: Bytes, capacity: number, timeout: Int32Array, mask: null) => number>(
    'int epoll_pwait2(int, void *, int, void *, void *)',
  ),
  epoll_wait: declare<(epoll: number, events: Bytes, capacity: number, timeoutMs: number) => number>(
    'int epoll_wait(int, void *, int, int)',
  ),
  eventfd: declare<(count: number, flags: number) => number>('int eventfd(uint, int)'),
  ftruncate: declare<(fd: number, length: number) => number>('int ftruncate(int, int64_t)'),
  fcntl: declare<(fd: number, command: number, argument: Bytes) => number>('int fcntl(int, int, void *)'),
  getrlimit: declare<(resource: number, limits: BigUint64Array) => number>('int getrlimit(int, void *)'),
  getsockname: declare<(fd: number, address: Bytes, length: Int32Array) => number>('int getsockname(int, void *, void *)'),
  getsockopt: declare<(fd: number, level: number, option: number, value: Int32Array, length: Int32Array) => number>(
    'int getsockopt(int, int, int, void *, void *)',
  ),
  listen: declare<(fd: number, backlog: number) => number>('int listen(int, int)'),
  memfd_create: declare<(name: string, flags: number) => number>('int memfd_create(const char *, uint)'),
  mmap: declare<(address: null, length: number, protection: number, flags: number, fd: number, offset: number) => Pointer>(
    'void *mmap(void *, size_t, int, int, int, int64_t)',
  ),
  munmap: declare<(address: Pointer, length: number) => number>('int munmap(void *, size_t)'),
  poll: declare<(descriptors: Bytes, count: number, timeoutMs: number) => number>('int poll(void *, ulong, int)'),
  prctl: declare<(option: number, value: number) => number>('int prctl(int, ulong)'),
  pthread_mutex_consistent: declare<(mutex: Pointer) => number>('int pthread_mutex_consistent(void *)'),
  pthread_mutex_init: declare<(mutex: Pointer, attributes: Bytes) => number>('int pthread_mutex_init(void *, void *)'),
  pthread_mutex_lock: declare<(mutex: Pointer) => number>('int pthread_mutex_lock(void *)'),
  pthread_mutex_unlock: declare<(mutex: Pointer) => number>('int pthread_mutex_unlock(void *)'),
  pthread_mutexattr_init: declare<(attributes: Bytes) => number>('int pthread_mutexattr_init(void *)'),
  pthread_mutexattr_setpshared: declare<(attributes: Bytes, shared: number) => number>(
    'int pthread_mutexattr_setpshared(void *, int)',
  ),
  pthread_mutexattr_setrobust: declare<(attributes: Bytes, robust: number) => number>(
    'int pthread_mutexattr_setrobust(void *, int)',
  ),
  read: declare<(fd: number, buffer: Uint8Array, length: number) => number>('int64_t read(int, void *, size_t)'),
  recv: declare<(fd: number, buffer: Uint8Array, length: number, flags: number) => number>(
    'int64_t recv(int, void *, size_t, int)',
  ),
  recvmsg: declare<(fd: number, message: Uint8Array, flags: number) => number>('int64_t recvmsg(int, void *, int)'),
  sched_getaffinity: declare<(pid: number, bytes: number, mask: Uint8Array) => number>(
    'int sched_getaffinity(int, size_t, void *)',
  ),
  sched_setaffinity: declare<(pid: number, bytes: number, mask: Uint8Array) => number>(
    'int sched_setaffinity(int, size_t, void *)',
  ),
  select: declare<(limit: number, readable: Bytes, writable: Bytes, exceptional: null, timeout: BigInt64Array | null) => number>(
    'int select(int, void *, void *, void *, void *)',
  ),
  send: declare<(fd: number, buffer: Uint8Array, length: number, flags: number) => number>(
    'int64_t send(int, void *, size_t, int)',
  ),
  sendmsg: declare<(fd: number, message: Uint8Array, flags: number) => number>('int64_t sendmsg(int, void *, int)'),
  setsockopt: declare<(fd: number, level: number, option: number, value: Int32Array, length: number) => number>(
    'int setsockopt(int, int, int, void *, uint32_t)',
  ),
  shutdown: declare<(fd: number, how: number) => number>('int shutdown(int, int)'),
  socket: declare<(domain: number, type: number, protocol: number) => number>('int socket(int, int, int)'),
  socketpair: declare<(domain: number, type: number, protocol: number, pair: Int32Array) => number>(
    'int socketpair(int, int, int, void *)',
  ),
  /** A call that the C library doesn't wrap, by its number; memory goes by its `addressOf`. */
  syscall: declare<(call: number, a: number, b: number, c: number, d: number, e: number, f: number) => number>(
    'int64_t syscall(int64_t, int64_t, int64_t, int64_t, int64_t, int64_t, int64_t)',
  ),
  write: declare<(fd: number, buffer: Uint8Array, length: number) => number>('int64_t write(int, void *, size_t)'),
};

/** Errno values of Linux that callers tell apart. */
export const EINTR = 4;
export const ENOMEM = 12;
export const EINVAL = 22;
export const ENFILE = 23;
export const EMFILE = 24;
export const EAGAIN = 11;
export const ETIME = 62;
export const ENOBUFS = 105;
export const EINPROGRESS = 115;
export const ECANCELED = 125;

/** The errno of the last call that returned -1 on this thread. */
export const lastErrno = opened.lastErrno;

/** The memory at an address. It must not be used any more once it has been unmapped. */
export const memoryAt = opened.memoryAt;

/** Where a buffer's bytes lie. A number: Linux gives a process 47 bits of addresses unless it asks for more. */
export const addressOf = opened.addressOf;

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

interface Opened {
  library?: LibraryHandle;
  lastErrno: () => number;
  memoryAt: (address: Pointer, length: number) => ArrayBuffer;
  addressOf: (bytes: Bytes) => number;
  reason?: string;
}

function open(): Opened {
  if (process.platform !== 'linux') return unopened(`needs Linux, this is ${process.platform}`);
  try {
    const koffi = createRequire(import.meta.url)('koffi') as typeof import('koffi').default;
    return {
      library: koffi.load(null),
      lastErrno: () => koffi.errno(),
      memoryAt: (address, length) => koffi.view(address, length),
      addressOf: (bytes) => Number(koffi.address(bytes)),
    };
  } catch (cause) {
    return unopened(`koffi has no binary for ${process.platform}-${process.arch} here: ${String(cause).split('\n', 1).join()}`);
  }
}

function unopened(reason: string): Opened {
  return { lastErrno: () => 0, memoryAt: () => new ArrayBuffer(0), addressOf: () => 0, reason };
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

/** A call that not every C library has; undefined where it is missing. */
function declareWherePresent<Call>(signature: string): Call | undefined {
  try {
    return opened.library?.func(signature) as Call | undefined;
  } catch {
    return undefined;
  }
}

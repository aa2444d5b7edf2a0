import { endianness } from 'node:os';
import type { Poller } from './poller.ts';
import { checked, EINTR, lastErrno, libc, systemError } from './libc.ts';

const EPOLLET = 1 << 31;

const EPOLL_CLOEXEC = 0o2000000;
const EPOLL_CTL_ADD = 1;
const EPOLL_CTL_DEL = 2;
const EPOLL_CTL_MOD = 3;

/** `struct epoll_event` is packed to 12 bytes on x86-64 and 16 bytes elsewhere (epoll_event(3type)). */
const WORDS = process.arch === 'x64' ? 3 : 4;
const DATA = process.arch === 'x64' ? 1 : 2;

const LOW_HALF = endianness() === 'LE' ? 0 : 1;
const SECONDS = LOW_HALF;
const NANOSECONDS = 2 + LOW_HALF;

/** One epoll instance. Each descriptor carries a number of the caller's choosing, its `key`, which `wait` gives back. */
export class Epoll implements Poller {
  readonly edgeTriggered: boolean;
  readonly #fd = checked('epoll_create1', -1, libc.epoll_create1(EPOLL_CLOEXEC));
  readonly #ready: Int32Array;
  readonly #request = new Int32Array(WORDS);
  /** Two 64-bit numbers, of which only the low halves are ever needed. */
  readonly #timespec = new Int32Array(4);
  readonly #capacity: number;

  constructor({ edgeTriggered = false, capacity = 256 } = {}) {
    this.edgeTriggered = edgeTriggered;
    this.#capacity = capacity;
    this.#ready = new Int32Array(WORDS * capacity);
  }

  add(fd: number, events: number, key: number): void {
    this.#control(EPOLL_CTL_ADD, fd, events, key);
  }

  modify(fd: number, events: number, key: number): void {
    this.#control(EPOLL_CTL_MOD, fd, events, key);
  }

  remove(fd: number): void {
    this.#control(EPOLL_CTL_DEL, fd, 0, 0);
  }

  /** Sleeps until something is ready or the time is over. Returns how many descriptors are ready. */
  wait(timeoutMs: number): number {
    return this.#counted(libc.epoll_wait(this.#fd, this.#ready, this.#capacity, timeoutMs));
  }

  /**
   * The same for a time below two seconds, to the precision of the kernel's timers (epoll_pwait2(2), Linux 5.11). Without that
   * call it ends up to a millisecond early, never late. Not positive: only asks.
   */
  waitNs(timeoutNs: number): number {
    const { epoll_pwait2 } = libc;
    if (timeoutNs <= 0 || epoll_pwait2 === undefined) return this.wait(Math.max(0, Math.floor(timeoutNs / 1e6)));
    this.#timespec[SECONDS] = Math.floor(timeoutNs / 1e9);
    this.#timespec[NANOSECONDS] = timeoutNs % 1e9;
    return this.#counted(epoll_pwait2(this.#fd, this.#ready, this.#capacity, this.#timespec, null));
  }

  /** The events of the `index`-th ready descriptor. */
  eventsAt(index: number): number {
    return this.#ready[index * WORDS]!;
  }

  keyAt(index: number): number {
    return this.#ready[index * WORDS + DATA]!;
  }

  close(): void {
    libc.close(this.#fd);
  }

  #counted(count: number): number {
    if (count >= 0) return count;
    if (lastErrno() === EINTR) return 0;
    throw systemError('epoll_wait', this.#fd);
  }

  #control(operation: number, fd: number, events: number, key: number): void {
    this.#request[0] = this.edgeTriggered ? events | EPOLLET : events;
    this.#request[DATA] = key;
    checked('epoll_ctl', fd, libc.epoll_ctl(this.#fd, operation, fd, this.#request));
  }
}

import { existsSync, readFileSync } from 'node:fs';
import { release } from 'node:os';
import { describeError, type SockbenchError } from '../errors/sockbench-error.ts';
import { ReceiveBuffers } from './io-uring-buffers.ts';
import { COMPLETION_WORDS, RingMemory, SUBMISSION_WORDS } from './io-uring-memory.ts';
import { addressOf, EINTR, ETIME, lastErrno, libc, systemError } from './libc.ts';

const IORING_SETUP_COOP_TASKRUN = 1 << 8;
const IORING_SETUP_SINGLE_ISSUER = 1 << 12;
const IORING_SETUP_DEFER_TASKRUN = 1 << 13;

/**
 * Flags to set a ring up with, the best first: as of Linux 6.1, and as of 5.19. With either, work that became possible
 * waits until the thread enters the kernel, rather than interrupt it.
 */
export const setUps = [IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN, IORING_SETUP_COOP_TASKRUN] as const;

const IO_URING_ENTER = 426;
const IORING_ENTER_GETEVENTS = 1 << 0;
const IORING_ENTER_EXT_ARG = 1 << 3;
/** `struct io_uring_getevents_arg`; its last field is the address of a `struct __kernel_timespec`. */
const EXT_ARG_BYTES = 24;
const TIMESPEC_BYTES = 16;

/** Operations, by their IORING_OP_… numbers. */
export const POLL = 6;
export const ACCEPT = 13;
export const SEND = 26;
export const RECEIVE = 27;

/** A submission's first word: u8 operation, u8 flags, u16 priority. */
const BUFFER_SELECT = (1 << 5) << 8;
const MULTISHOT_ACCEPT = (1 << 0) << 16;
const SOCK_CLOEXEC = 0o2000000;
const MSG_NOSIGNAL = 0x4000;

/** A completion's last word: flags, and above them the number of the buffer. */
const HAS_BUFFER = 1 << 0;
const CONTINUES = 1 << 1;
const BUFFER_SHIFT = 16;

/** What the upper word of an address counts. */
const UPPER = 2 ** 32;

/**
 * One io_uring. Submissions are written into memory shared with the kernel and completions read from there; one system
 * call hands over all new submissions and waits for completions. A submission has a `key` of the caller's choosing,
 * which its completions carry. Only for the thread that made it.
 * Source: io_uring(7), io_uring_enter(2), include/uapi/linux/io_uring.h.
 */
export class CompletionRing {
  readonly #memory: RingMemory;
  readonly #buffers: ReceiveBuffers;
  /** How long to wait: the argument of io_uring_enter(2), and behind it what it points to. */
  readonly #limit = new Int32Array(new ArrayBuffer(EXT_ARG_BYTES + TIMESPEC_BYTES));
  readonly #limitAddress = addressOf(this.#limit);
  #tail = 0;
  #unsubmitted = 0;
  #head = 0;
  #completed = 0;

  /** Throws EINVAL when the kernel doesn't know the flags, EPERM or ENOSYS when it forbids io_uring or has none. */
  constructor(flags: number, capacity = 1024) {
    this.#memory = new RingMemory(flags, capacity);
    this.#buffers = new ReceiveBuffers(this.#memory.fd);
    const timespec = this.#limitAddress + EXT_ARG_BYTES;
    this.#limit.set([timespec, timespec / UPPER], EXT_ARG_BYTES / 4 - 2);
  }

  /** The best that the kernel has. */
  static open([flags, ...older]: readonly number[] = setUps): CompletionRing {
    try {
      return new CompletionRing(flags!);
    } catch (error) {
      if (older.length > 0 && (error as SockbenchError).code === 'EINVAL') return CompletionRing.open(older);
      throw error;
    }
  }

  /** Accepts again and again: a completion with a descriptor for each client, until one says that no more come. */
  accept(listener: number, key: number): void {
    this.#submit(ACCEPT | MULTISHOT_ACCEPT, listener, 0, 0, SOCK_CLOEXEC, key);
  }

  /** Completes once, when one of these poll(2) events has come. */
  poll(fd: number, events: number, key: number): void {
    this.#submit(POLL, fd, 0, 0, events, key);
  }

  /** Receives what comes next, into memory of the ring. Completes with -ENOBUFS when all of that is in use. */
  receive(fd: number, key: number): void {
    this.#submit(RECEIVE | BUFFER_SELECT, fd, 0, 0, 0, key);
  }

  /** Sends from memory that must stay as it is until the completion, which says how many bytes have gone: perhaps not all. */
  send(fd: number, address: number, length: number, key: number): void {
    this.#submit(SEND, fd, address, length, MSG_NOSIGNAL, key);
  }

  /**
   * Hands over all submissions and sleeps until there are completions or the time is over; Infinity: no limit.
   * Returns how many there are. Those of the wait before are gone, and their chunks.
   */
  wait(timeoutMs: number): number {
    this.#forget();
    if (timeoutMs === Infinity) {
      this.#enter(1, IORING_ENTER_GETEVENTS, 0, 0);
    } else {
      this.#limit[EXT_ARG_BYTES / 4] = timeoutMs / 1000;
      this.#limit[EXT_ARG_BYTES / 4 + 2] = (timeoutMs % 1000) * 1e6;
      this.#enter(1, IORING_ENTER_GETEVENTS | IORING_ENTER_EXT_ARG, this.#limitAddress, EXT_ARG_BYTES);
    }
    this.#completed = (Atomics.load(this.#memory.words, this.#memory.completionTail) - this.#head) | 0;
    return this.#completed;
  }

  /** Which operation the `index`-th completion is of. */
  operationAt(index: number): number {
    return this.#memory.words[this.#completion(index) + 1]!;
  }

  keyAt(index: number): number {
    return this.#memory.words[this.#completion(index)]!;
  }

  /** A descriptor, a number of bytes, or a negative errno. */
  resultAt(index: number): number {
    return this.#memory.words[this.#completion(index) + 2]!;
  }

  /** Whether the same submission will have more completions. */
  continuesAt(index: number): boolean {
    return (this.#memory.words[this.#completion(index) + 3]! & CONTINUES) !== 0;
  }

  /** The bytes that a completed `receive` got; valid until the next `wait`. */
  chunkAt(index: number): Buffer {
    const at = this.#completion(index);
    return this.#buffers.view(this.#memory.words[at + 3]! >>> BUFFER_SHIFT, this.#memory.words[at + 2]!);
  }

  /** The same as memory that begins with those bytes: made once, for loops that must not allocate. */
  memoryAt(index: number): Buffer {
    return this.#buffers.whole(this.#memory.words[this.#completion(index) + 3]! >>> BUFFER_SHIFT);
  }

  /** Cancels all that is under way. The ring can't be used any more. */
  close(): void {
    this.#memory.close();
  }

  #completion(index: number): number {
    const { completions, completionCount } = this.#memory;
    return completions + ((this.#head + index) & (completionCount - 1)) * COMPLETION_WORDS;
  }

  #submit(operation: number, fd: number, address: number, length: number, flags: number, key: number): void {
    const { submissions, submissionCount } = this.#memory;
    if (this.#unsubmitted === submissionCount) this.#enter(0, 0, 0, 0);
    const at = (this.#tail & (submissionCount - 1)) * SUBMISSION_WORDS;
    submissions[at] = operation;
    submissions[at + 1] = fd;
    submissions[at + 4] = address;
    submissions[at + 5] = address / UPPER;
    submissions[at + 6] = length;
    submissions[at + 7] = flags;
    submissions[at + 8] = key; // user data, lower word
    submissions[at + 9] = operation & 0xff; // and upper word
    this.#tail = (this.#tail + 1) | 0;
    this.#unsubmitted += 1;
  }

  #enter(completions: number, flags: number, argument: number, argumentBytes: number): void {
    const { fd, words, submissionHead, submissionTail } = this.#memory;
    Atomics.store(words, submissionTail, this.#tail);
    const result = libc.syscall(IO_URING_ENTER, fd, this.#unsubmitted, completions, flags, argument, argumentBytes);
    this.#unsubmitted = (this.#tail - Atomics.load(words, submissionHead)) | 0;
    if (result >= 0) return;
    const errno = lastErrno();
    if (errno !== EINTR && errno !== ETIME) throw systemError('io_uring_enter', fd, errno);
  }

  /** Gives the places of completions, and the memory of their chunks, back to the kernel. */
  #forget(): void {
    const { words, completionHead } = this.#memory;
    for (let index = 0; index < this.#completed; index += 1) {
      const flags = words[this.#completion(index) + 3]!;
      if ((flags & HAS_BUFFER) !== 0) this.#buffers.giveBack(flags >>> BUFFER_SHIFT);
    }
    this.#buffers.publish();
    this.#head = (this.#head + this.#completed) | 0;
    this.#completed = 0;
    Atomics.store(words, completionHead, this.#head);
  }
}

/** Why there can be no such ring on this machine, or undefined where there can. Finds out by making one. */
export function ioUringUnavailable(): string | undefined {
  try {
    CompletionRing.open().close();
    return undefined;
  } catch (error) {
    const { code } = error as SockbenchError;
    if (code === 'EINVAL') return `needs io_uring as of Linux 5.19, this is ${release()}`;
    if (code === 'ENOSYS') return 'needs io_uring, which this kernel lacks or a container hides';
    if (code === 'EPERM') return `needs io_uring, which is forbidden here: ${whoForbids()}`;
    return `needs io_uring; ${describeError(error)}`;
  }
}

function whoForbids(): string {
  const setting = '/proc/sys/kernel/io_uring_disabled';
  const disabled = existsSync(setting) ? Number(readFileSync(setting, 'latin1')) : 0;
  return disabled > 0 ? `kernel.io_uring_disabled is ${disabled}` : "by a container's system call filter, it seems";
}

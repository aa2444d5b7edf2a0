import { addressOf, checked, libc, memoryAt, systemError, type Pointer } from './libc.ts';

const IO_URING_SETUP = 425;
const IORING_OFF_SQ_RING = 0;
const IORING_OFF_SQES = 0x10000000;

const PROT_READ_WRITE = 3;
const MAP_SHARED_POPULATE = 0x8001;
const MAP_FAILED = 0xffff_ffff_ffff_ffffn;

/** `struct io_uring_params` in 32-bit words: two counts, flags and more; offsets in the one ring; offsets in the other. */
const PARAMS_WORDS = 30;
const SQ_OFF = 10;
const CQ_OFF = 20;

/** `struct io_uring_sqe` and `struct io_uring_cqe` in 32-bit words. */
export const SUBMISSION_WORDS = 16;
export const COMPLETION_WORDS = 4;

/**
 * The memory that one io_uring shares with the kernel, in 32-bit words, and where in it what is.
 * Source: io_uring_setup(2), include/uapi/linux/io_uring.h.
 */
export class RingMemory {
  readonly fd: number;
  /** How many submissions and how many completions there is room for; powers of two. */
  readonly submissionCount: number;
  readonly completionCount: number;
  /** `struct io_uring_sqe` each. */
  readonly submissions: Int32Array;
  /** Heads, tails and, from `completions` on, `struct io_uring_cqe` each. */
  readonly words: Int32Array;
  readonly submissionHead: number;
  readonly submissionTail: number;
  readonly completionHead: number;
  readonly completionTail: number;
  readonly completions: number;
  readonly #mapped: { address: Pointer; bytes: number }[] = [];

  /** Throws EINVAL when the kernel doesn't know the flags, EPERM or ENOSYS when it forbids io_uring or has none. */
  constructor(flags: number, capacity: number) {
    const params = new Int32Array(new ArrayBuffer(4 * PARAMS_WORDS));
    params[2] = flags;
    this.fd = checked('io_uring_setup', -1, libc.syscall(IO_URING_SETUP, capacity, addressOf(params), 0, 0, 0, 0));
    this.submissionCount = params[0]!;
    this.completionCount = params[1]!;
    this.submissionHead = params[SQ_OFF]! / 4;
    this.submissionTail = params[SQ_OFF + 1]! / 4;
    this.completionHead = params[CQ_OFF]! / 4;
    this.completionTail = params[CQ_OFF + 1]! / 4;
    this.completions = params[CQ_OFF + 5]! / 4;
    const indexes = params[SQ_OFF + 6]! / 4;
    this.submissions = this.#map(IORING_OFF_SQES, SUBMISSION_WORDS * this.submissionCount);
    this.words = this.#map(
      IORING_OFF_SQ_RING, // which since Linux 5.4 has both rings
      Math.max(indexes + this.submissionCount, this.completions + COMPLETION_WORDS * this.completionCount),
    );
    // The ring itself holds indexes, so that submissions could be handed over out of order; here they never are.
    for (let index = 0; index < this.submissionCount; index += 1) this.words[indexes + index] = index;
  }

  /** Ends the ring. Touching its memory afterwards crashes the process. */
  close(): void {
    for (const { address, bytes } of this.#mapped) libc.munmap(address, bytes);
    libc.close(this.fd);
  }

  #map(offset: number, words: number): Int32Array {
    const address = libc.mmap(null, 4 * words, PROT_READ_WRITE, MAP_SHARED_POPULATE, this.fd, offset);
    if (address === MAP_FAILED) throw systemError('mmap', this.fd);
    this.#mapped.push({ address, bytes: 4 * words });
    return new Int32Array(memoryAt(address, 4 * words));
  }
}

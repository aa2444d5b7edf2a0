import { addressOf, checked, libc } from './libc.ts';

const IO_URING_REGISTER = 427;
const IORING_REGISTER_PBUF_RING = 22;
const PAGE_BYTES = 4096;
/** `struct io_uring_buf`: u64 address, u32 length, u16 number, u16 reserved. The first one's reserved field is the ring's tail. */
const ENTRY_BYTES = 16;
const NUMBER_BYTE = 12;
const TAIL_BYTE = 14;
/** `struct io_uring_buf_reg`: u64 address, u32 entries, u16 group, the rest 0. */
const REGISTRATION_BYTES = 40;
const COUNT = 256;
/** The most that one receive gets. Memory that no message fills is never touched, so it costs short messages nothing. */
const BUFFER_BYTES = 1 << 15;

/**
 * Memory that every connection of a ring receives into: the kernel takes a buffer only when bytes arrive, so that a
 * connection that says nothing has none. Source: io_uring_register(2), IORING_REGISTER_PBUF_RING, Linux 5.19.
 */
export class ReceiveBuffers {
  readonly #memory = Buffer.allocUnsafeSlow(PAGE_BYTES + COUNT * (ENTRY_BYTES + BUFFER_BYTES));
  /** The ring of the buffers that the kernel may take, in words of 32 and of 16 bits. */
  readonly #words: Int32Array;
  readonly #halves: Uint16Array;
  /** Where the first buffer begins: in the memory, and as an address. */
  readonly #start: number;
  readonly #address: number;
  readonly #views: readonly Buffer[];
  #tail = 0;

  constructor(ring: number) {
    const base = addressOf(this.#memory);
    const entries = -base & (PAGE_BYTES - 1); // the kernel maps them by page
    const entriesBytes = COUNT * ENTRY_BYTES;
    this.#start = entries + entriesBytes;
    this.#address = base + this.#start;
    this.#views = Array.from({ length: COUNT }, (_, number) => this.view(number, BUFFER_BYTES));
    this.#memory.fill(0, entries, this.#start);
    this.#words = new Int32Array(this.#memory.buffer, entries, entriesBytes / 4);
    this.#halves = new Uint16Array(this.#memory.buffer, entries, entriesBytes / 2);
    for (let number = 0; number < COUNT; number += 1) this.giveBack(number);
    this.publish();
    const registration = new Int32Array(new ArrayBuffer(REGISTRATION_BYTES));
    registration.set([base + entries, (base + entries) / 2 ** 32, COUNT]);
    checked(
      'io_uring_register IORING_REGISTER_PBUF_RING',
      ring,
      libc.syscall(IO_URING_REGISTER, ring, IORING_REGISTER_PBUF_RING, addressOf(registration), 1, 0, 0),
    );
  }

  /** A view of the first `length` bytes of a buffer. */
  view(number: number, length: number): Buffer {
    const at = this.#start + number * BUFFER_BYTES;
    return this.#memory.subarray(at, at + length);
  }

  /** The whole buffer. */
  whole(number: number): Buffer {
    return this.#views[number]!;
  }

  /** Lets the kernel take the buffer again, as of the next `publish`. */
  giveBack(number: number): void {
    const entry = (this.#tail & (COUNT - 1)) * ENTRY_BYTES;
    const address = this.#address + number * BUFFER_BYTES;
    this.#words[entry / 4] = address;
    this.#words[entry / 4 + 1] = address / 2 ** 32;
    this.#words[entry / 4 + 2] = BUFFER_BYTES;
    this.#halves[(entry + NUMBER_BYTE) / 2] = number;
    this.#tail = (this.#tail + 1) & 0xffff;
  }

  publish(): void {
    Atomics.store(this.#halves, TAIL_BYTE / 2, this.#tail);
  }
}

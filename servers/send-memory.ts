import type { FrameBatch } from '../framing/frame-batch.ts';
import { addressOf } from '../posix/libc.ts';

const SLOT_BYTES = 4096;
const SLOTS = 256;
const NO_SLOT = -1;

/** Frames that the kernel is sending, at an address where they stay until `SendMemory.release`. */
export class Held {
  address = 0;
  length = 0;
  /** Where they lie: in a slot, or in memory of their own. */
  slot = NO_SLOT;
  memory: Buffer | undefined;
}

/**
 * Memory for frames on their way. Few frames are copied to a slot, whose address is known; many keep their memory.
 * Slots are shared by all connections, and the last one to come back is the first to go out, while caches still have it.
 */
export class SendMemory {
  readonly #slots = Buffer.allocUnsafeSlow(SLOTS * SLOT_BYTES);
  readonly #address = addressOf(this.#slots);
  readonly #free = Int32Array.from({ length: SLOTS }, (_, slot) => slot);
  #freeCount = SLOTS;

  /** Empties the batch. */
  hold(held: Held, batch: FrameBatch): void {
    held.length = batch.length;
    if (batch.length > SLOT_BYTES || this.#freeCount === 0) {
      held.memory = batch.take();
      held.address = addressOf(held.memory);
      return;
    }
    this.#freeCount -= 1;
    held.slot = this.#free[this.#freeCount]!;
    held.address = this.#address + held.slot * SLOT_BYTES;
    this.#slots.set(batch.peek(), held.slot * SLOT_BYTES);
    batch.clear();
  }

  release(held: Held): void {
    held.length = 0;
    held.memory = undefined;
    if (held.slot === NO_SLOT) return;
    this.#free[this.#freeCount] = held.slot;
    this.#freeCount += 1;
    held.slot = NO_SLOT;
  }
}

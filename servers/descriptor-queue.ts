const HEAD = 0;
const TAIL = 1;
const ITEMS = 2;
/** Taken instead of a descriptor: nothing more will come. */
const END = -1;

/**
 * A queue of descriptors between threads, in shared memory: one thread puts, many take. Takers sleep in Atomics.wait
 * (a futex) while it is empty, the putter while it is full.
 */
export class DescriptorQueue {
  readonly shared: Int32Array<SharedArrayBuffer>;
  readonly #capacity: number;

  /** A queue of so many descriptors, or one that another thread has made. */
  constructor(from: number | Int32Array<SharedArrayBuffer>) {
    this.shared = typeof from === 'number' ? new Int32Array(new SharedArrayBuffer(4 * (ITEMS + from))) : from;
    this.#capacity = this.shared.length - ITEMS;
  }

  /** For one thread only. */
  put(fd: number): void {
    const tail = Atomics.load(this.shared, TAIL);
    for (let head = Atomics.load(this.shared, HEAD); tail - head === this.#capacity; head = Atomics.load(this.shared, HEAD)) {
      Atomics.wait(this.shared, HEAD, head);
    }
    Atomics.store(this.shared, ITEMS + (tail % this.#capacity), fd);
    Atomics.store(this.shared, TAIL, tail + 1);
    Atomics.notify(this.shared, TAIL, 1);
  }

  /** Waits for a descriptor; undefined when the queue has ended. */
  take(): number | undefined {
    for (;;) {
      const head = Atomics.load(this.shared, HEAD);
      const tail = Atomics.load(this.shared, TAIL);
      if (head === tail) {
        Atomics.wait(this.shared, TAIL, tail);
        continue;
      }
      const fd = Atomics.load(this.shared, ITEMS + (head % this.#capacity));
      if (Atomics.compareExchange(this.shared, HEAD, head, head + 1) !== head) continue; // another thread was faster
      Atomics.notify(this.shared, HEAD, 1);
      return fd === END ? undefined : fd;
    }
  }

  /** Tells so many takers that nothing more will come. */
  end(takers: number): void {
    for (let taker = 0; taker < takers; taker += 1) this.put(END);
  }
}

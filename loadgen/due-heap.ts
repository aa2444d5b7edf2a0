/** A binary heap of slots by the time at which each is due; a slot is in it at most once. Allocates nothing after it was made. */
export class DueHeap {
  readonly #dueNs: Float64Array;
  readonly #slots: Int32Array;
  #size = 0;

  constructor(slots: number) {
    this.#dueNs = new Float64Array(slots);
    this.#slots = new Int32Array(slots);
  }

  /** When the first is due; Infinity when there is none. */
  get firstDueNs(): number {
    return this.#size === 0 ? Infinity : this.#dueNs[0]!;
  }

  /** The slot that is due first; there must be one. */
  get firstSlot(): number {
    return this.#slots[0]!;
  }

  push(slot: number, dueNs: number): void {
    let at = this.#size;
    this.#size += 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (this.#dueNs[parent]! <= dueNs) break;
      this.#dueNs[at] = this.#dueNs[parent]!;
      this.#slots[at] = this.#slots[parent]!;
      at = parent;
    }
    this.#dueNs[at] = dueNs;
    this.#slots[at] = slot;
  }

  /** Takes out the slot that is due first. */
  pop(): void {
    this.#size -= 1;
    if (this.#size > 0) this.#sinkFirst(this.#slots[this.#size]!, this.#dueNs[this.#size]!);
  }

  /** The slot that is due first is due at this later time instead. */
  postponeFirst(dueNs: number): void {
    this.#sinkFirst(this.#slots[0]!, dueNs);
  }

  #sinkFirst(slot: number, dueNs: number): void {
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= this.#size) break;
      if (child + 1 < this.#size && this.#dueNs[child + 1]! < this.#dueNs[child]!) child += 1;
      if (this.#dueNs[child]! >= dueNs) break;
      this.#dueNs[at] = this.#dueNs[child]!;
      this.#slots[at] = this.#slots[child]!;
      at = child;
    }
    this.#dueNs[at] = dueNs;
    this.#slots[at] = slot;
  }
}

/** The slots answered in a batch of events, each once, and when: from that instant on it was meant to send again. */
export class AnsweredSlots {
  readonly slots: Int32Array;
  readonly atNs: Float64Array;
  readonly #isIn: Uint8Array;
  count = 0;

  constructor(slots: number) {
    this.slots = new Int32Array(slots);
    this.atNs = new Float64Array(slots);
    this.#isIn = new Uint8Array(slots);
  }

  add(slot: number, atNs: number): void {
    if (this.#isIn[slot] === 1) return;
    this.#isIn[slot] = 1;
    this.slots[this.count] = slot;
    this.atNs[this.count] = atNs;
    this.count += 1;
  }

  clear(): void {
    for (let index = 0; index < this.count; index += 1) this.#isIn[this.slots[index]!] = 0;
    this.count = 0;
  }
}

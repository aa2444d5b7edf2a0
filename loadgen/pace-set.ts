import type { Pace } from './pace.ts';

/** The paces of all connections of a thread. */
export class PaceSet {
  readonly #bySlot: readonly Pace[];
  /** Each once. */
  readonly #distinct: readonly Pace[];
  /** When one of them has something to send next. */
  nextNs = Infinity;

  constructor(bySlot: readonly Pace[]) {
    this.#bySlot = bySlot;
    this.#distinct = [...new Set(bySlot)];
  }

  begin(startNs: number): void {
    for (const pace of this.#distinct) pace.begin(startNs);
  }

  ready(slot: number, atNs: number): void {
    this.#bySlot[slot]!.ready(slot, atNs);
  }

  due(atNs: number): void {
    this.nextNs = Infinity;
    for (const pace of this.#distinct) {
      pace.due(atNs);
      this.nextNs = Math.min(this.nextNs, pace.nextNs);
    }
  }

  end(atNs: number): void {
    for (const pace of this.#distinct) pace.end(atNs);
    this.nextNs = Infinity;
  }
}

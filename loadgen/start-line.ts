import { nowNs } from './clock.ts';

/** From the last thread's arrival to the start: time for the others to notice. */
const NOTICE_NS = 30e6;
const BYTES = 16;

/** Where the threads wait for each other, so that all begin at the same instant and one schedule holds for all, or end together. */
export class StartLine {
  readonly shared: SharedArrayBuffer;
  readonly #threads: number;
  readonly #arrived: Int32Array;
  readonly #startNs: Float64Array;

  constructor(threads: number, shared = new SharedArrayBuffer(BYTES)) {
    this.#threads = threads;
    this.shared = shared;
    this.#arrived = new Int32Array(shared, 8, 2);
    this.#startNs = new Float64Array(shared, 0, 1);
  }

  /** This thread's connections stand, or it sends no more. */
  arrive(): void {
    if (Atomics.add(this.#arrived, 0, 1) + 1 === this.#threads) this.open(this.#threads === 1 ? nowNs() : nowNs() + NOTICE_NS);
  }

  /** Nobody waits any longer. */
  open(atNs: number): void {
    if (Atomics.load(this.#arrived, 1) === 1) return;
    this.#startNs[0] = atNs;
    Atomics.store(this.#arrived, 1, 1);
  }

  /** When all begin; Infinity while some have not arrived. */
  get startNs(): number {
    return Atomics.load(this.#arrived, 1) === 1 ? this.#startNs[0]! : Infinity;
  }
}

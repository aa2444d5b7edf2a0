import { draw } from './random.ts';

export const arrivalLaws = ['constant', 'poisson'] as const;
export type Arrivals = (typeof arrivalLaws)[number];

/** An open loop as a whole, over all threads. */
export interface ScheduleSpec {
  /** Messages per second of all senders together. */
  rate: number;
  arrivals: Arrivals;
  seed: number;
  /** How many connections send. */
  senders: number;
}

/**
 * When each sender's messages are due, in ns from the start of the run. A function of the spec alone: nothing that happens
 * in the run changes it, and each sender's times are the same however the senders are split among threads.
 * `constant`: the senders take turns, so that they are spread over the period and the gaps of the whole are all alike.
 * `poisson`: each sender's gaps are exponential; the sum of such senders is a Poisson process again (superposition).
 */
export class Schedule {
  readonly #spec: ScheduleSpec;
  readonly #gapNs: number;
  readonly #first: readonly number[];
  readonly #sent: Float64Array;
  readonly #dueNs: Float64Array;
  readonly #random: Uint32Array;

  /** @param senders those of this thread, by their number among all */
  constructor(spec: ScheduleSpec, senders: readonly number[]) {
    this.#spec = spec;
    this.#gapNs = 1e9 / spec.rate;
    this.#first = senders;
    this.#sent = new Float64Array(senders.length);
    this.#dueNs = new Float64Array(senders.length);
    this.#random = Uint32Array.from(senders, (sender) => Math.imul(spec.seed ^ Math.imul(sender + 1, 0x9e3779b1), 0x85ebca6b));
    for (let index = 0; index < senders.length; index += 1) this.#dueNs[index] = this.#next(index, 0);
  }

  /** When the next message of the `index`-th sender given is due. */
  dueNs(index: number): number {
    return this.#dueNs[index]!;
  }

  /** On to that sender's message after it. */
  advance(index: number): void {
    this.#sent[index]! += 1;
    this.#dueNs[index] = this.#next(index, this.#dueNs[index]!);
  }

  #next(index: number, beforeNs: number): number {
    const { arrivals, senders } = this.#spec;
    // From the message's number, not from the one before it, so that no rounding adds up.
    if (arrivals === 'constant') return (this.#first[index]! + this.#sent[index]! * senders) * this.#gapNs;
    return beforeNs - Math.log(1 - draw(this.#random, index)) * senders * this.#gapNs;
  }
}

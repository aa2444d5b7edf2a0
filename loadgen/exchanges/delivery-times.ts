import type { Recorder } from '../recorder.ts';
import type { SampleWindow } from '../requests.ts';
import type { Spread } from './deliveries.ts';

/** What is recorded of messages that go to many: the time from the planned send to each delivery, and to three of each message's. */
export const deliveryHistograms = ['delivery', 'firstDelivery', 'medianDelivery', 'lastDelivery'] as const;

/** Of an even number of deliveries the lower of the two in the middle: then half of the members have the message. */
const middle = (of: number): number => Math.ceil(of / 2);

/** Records how long messages were on the way; those that were planned before measuring began are no samples. */
export class DeliveryTimes {
  readonly #histograms: Readonly<Record<string, Recorder>>;
  readonly #window: SampleWindow;

  constructor(histograms: Readonly<Record<string, Recorder>>, window: SampleWindow) {
    this.#histograms = histograms;
    this.#window = window;
  }

  /** The `place`-th delivery `of` so many arrived. */
  arrived(spread: Spread, atNs: number): void {
    this.#note(spread, atNs, 'record');
  }

  /** It will not arrive, or nobody can tell when: its age is a lower bound. */
  missed(spread: Spread, atNs: number): void {
    this.#note(spread, atNs, 'recordLowerBound');
  }

  #note({ plannedNs, place, of }: Spread, atNs: number, how: 'record' | 'recordLowerBound'): void {
    if (plannedNs < this.#window.fromNs) return;
    const { delivery, firstDelivery, medianDelivery, lastDelivery } = this.#histograms;
    const latencyNs = atNs - plannedNs;
    delivery![how](latencyNs);
    if (place === 1) firstDelivery![how](latencyNs);
    if (place === middle(of)) medianDelivery![how](latencyNs);
    if (place === of) lastDelivery![how](latencyNs);
  }
}

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
  arrived({ plannedNs, place, of }: Spread, atNs: number): void {
    if (plannedNs < this.#window.fromNs) return;
    const { delivery, firstDelivery, medianDelivery, lastDelivery } = this.#histograms;
    const latencyNs = atNs - plannedNs;
    delivery!.record(latencyNs);
    if (place === 1) firstDelivery!.record(latencyNs);
    if (place === middle(of)) medianDelivery!.record(latencyNs);
    if (place === of) lastDelivery!.record(latencyNs);
  }

  /** No more of its deliveries are awaited: its age is a lower bound for each that has not arrived. */
  givenUp({ plannedNs, place, of }: Spread, atNs: number): void {
    if (plannedNs < this.#window.fromNs) return;
    const { delivery, firstDelivery, medianDelivery, lastDelivery } = this.#histograms;
    const ageNs = atNs - plannedNs;
    for (let missing = place; missing < of; missing += 1) delivery!.recordLowerBound(ageNs);
    if (place < 1) firstDelivery!.recordLowerBound(ageNs);
    if (place < middle(of)) medianDelivery!.recordLowerBound(ageNs);
    if (place < of) lastDelivery!.recordLowerBound(ageNs);
  }
}

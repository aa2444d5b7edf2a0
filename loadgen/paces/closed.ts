import type { Connections } from '../connections.ts';
import type { Pace } from '../pace.ts';

/** The next request leaves as soon as one is answered; it was meant to leave at that very instant, so its latency counts from there. */
export class ClosedPace implements Pace {
  readonly nextNs = Infinity;
  readonly #connections: Connections;
  readonly #slots: readonly number[];

  constructor(connections: Connections, slots: readonly number[]) {
    this.#connections = connections;
    this.#slots = slots;
  }

  begin(startNs: number): void {
    for (const slot of this.#slots) this.ready(slot, startNs);
  }

  ready(slot: number, atNs: number): void {
    const room = this.#connections.room(slot);
    if (room > 0) this.#connections.send(slot, room, atNs, atNs);
  }

  due(): void {}

  end(): void {}
}

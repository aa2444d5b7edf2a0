import { FrameBatch } from '../../framing/frame-batch.ts';
import type { OpenConnections } from '../open-connections.ts';
import type { Service } from '../service.ts';
import type { Room } from './room.ts';

/**
 * A room of blocking threads. A thread asleep in `recv` can't be told to write, so the sender writes to every member's
 * socket itself, under that socket's lock. What the kernel buffers for a member is all that waits for it: one who
 * doesn't read is cut off after a while.
 */
export class SharedMemoryRoom implements Room {
  readonly #connections: OpenConnections;
  readonly #closings: Service['closings'];
  readonly #batch: FrameBatch;

  constructor(service: Service, connections: OpenConnections) {
    this.#connections = connections;
    this.#closings = service.closings;
    this.#batch = new FrameBatch(service.framing);
  }

  /** Whoever is in the table of open connections is a member. */
  join(): void {}

  leave(): void {}

  post(payload: Buffer): void {
    this.#batch.add(payload);
  }

  flush(): void {
    this.#closings.count('unread', this.#connections.sendToAll(this.#batch.peek()));
    this.#batch.clear();
  }
}

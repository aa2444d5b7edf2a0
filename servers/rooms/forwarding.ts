import type { OpenConnections } from '../open-connections.ts';
import type { Service } from '../service.ts';
import { SharedMemoryRoom } from './shared-memory.ts';

/** A room of blocking processes: members in this process are written to directly, the others by way of its main thread. */
export class ForwardingRoom extends SharedMemoryRoom {
  readonly #forward: (payloads: Uint8Array[]) => void;
  #outgoing: Uint8Array[] = [];

  constructor(service: Service, connections: OpenConnections, forward: (payloads: Uint8Array[]) => void) {
    super(service, connections);
    this.#forward = forward;
  }

  override post(payload: Buffer): void {
    super.post(payload);
    this.#outgoing.push(Uint8Array.from(payload));
  }

  override flush(): void {
    super.flush();
    this.#forward(this.#outgoing);
    this.#outgoing = [];
  }
}

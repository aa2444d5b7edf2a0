import { LocalRoom } from './local.ts';

/**
 * A room spread over processes. Each keeps its own members; what is posted here also goes, once per flush, through
 * `send` to a hub, which passes it to every other process (`receive`). A sender's messages keep their order, because
 * they all take the same channel.
 */
export class RelayRoom extends LocalRoom {
  readonly #send: (payloads: Uint8Array[]) => void;
  #outgoing: Uint8Array[] = [];

  constructor(send: (payloads: Uint8Array[]) => void) {
    super();
    this.#send = send;
  }

  override post(payload: Buffer): void {
    super.post(payload);
    this.#outgoing.push(Uint8Array.from(payload));
  }

  override flush(): void {
    super.flush();
    if (this.#outgoing.length === 0) return;
    this.#send(this.#outgoing);
    this.#outgoing = [];
  }

  /** Passes on what has been delivered here by other means. */
  forward(payloads: Uint8Array[]): void {
    this.#send(payloads);
  }

  /** Delivers what was posted in another process. */
  receive(payloads: Uint8Array[]): void {
    for (const { buffer, byteOffset, byteLength } of payloads) super.post(Buffer.from(buffer, byteOffset, byteLength));
    super.flush();
  }
}

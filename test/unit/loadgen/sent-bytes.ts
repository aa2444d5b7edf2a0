import type { Transport, TransportEvents } from '../../../loadgen/transport.ts';

/** A transport that leads nowhere: it keeps what it was given to send. */
export class SentBytes implements Transport {
  events!: TransportEvents;
  readonly #chunks: Buffer[] = [];

  connect(): void {}

  isOpen(): boolean {
    return true;
  }

  send(_slot: number, bytes: Buffer, length: number): void {
    this.#chunks.push(Buffer.from(bytes.subarray(0, length)));
  }

  pause(): void {}

  close(): void {}

  async run(): Promise<void> {}

  stop(): void {}

  end(): void {}

  /** What was sent since this was last called, one entry a write. */
  take(): Buffer[] {
    return this.#chunks.splice(0);
  }
}

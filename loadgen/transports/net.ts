/** node:net: works wherever Node does. */
import { connect, type Socket } from 'node:net';
import { defineTransport, TICK_MS, type Transport, type TransportEvents } from '../transport.ts';

export default defineTransport({
  name: 'net',
  summary: 'node:net, on every platform',
  unavailable: () => undefined,
  open: (address, slots, events) => new NetTransport(address, slots, events),
});

class NetTransport implements Transport {
  readonly #address: { host: string; port: number };
  readonly #events: TransportEvents;
  readonly #sockets: (Socket | undefined)[];
  #stopped: () => void = () => {};

  constructor(address: { host: string; port: number }, slots: number, events: TransportEvents) {
    this.#address = address;
    this.#events = events;
    this.#sockets = Array.from({ length: slots });
  }

  connect(slot: number): void {
    const socket = connect({ ...this.#address, noDelay: true });
    const current = (): boolean => this.#sockets[slot] === socket;
    const closed = (code?: string): void => {
      if (!current()) return;
      this.close(slot);
      this.#events.closed(slot, code);
    };
    this.#sockets[slot] = socket;
    socket.once('connect', () => {
      if (current()) this.#events.connected(slot);
    });
    socket.on('data', (chunk: Buffer) => {
      if (current()) this.#events.received(slot, chunk, chunk.length);
    });
    socket.once('end', () => closed());
    socket.on('error', (error: NodeJS.ErrnoException) => closed(error.code ?? error.message));
  }

  send(slot: number, bytes: Buffer, length: number): void {
    this.#sockets[slot]!.write(length === bytes.length ? bytes : bytes.subarray(0, length));
  }

  close(slot: number): void {
    const socket = this.#sockets[slot];
    this.#sockets[slot] = undefined;
    socket?.end();
    socket?.resume(); // to see the server's end, whatever it still sends
    socket?.unref(); // a server that never ends its side must not keep this thread alive
  }

  async run(): Promise<void> {
    const ticks = setInterval(() => this.#events.tick(), TICK_MS);
    await new Promise<void>((resolve) => {
      this.#stopped = resolve;
    });
    clearInterval(ticks);
    for (const socket of this.#sockets) socket?.destroy();
  }

  stop(): void {
    this.#stopped();
  }
}

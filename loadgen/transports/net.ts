/** node:net: works wherever Node does. */
import { connect, type Socket } from 'node:net';
import { nowNs } from '../clock.ts';
import { defineTransport, TICK_NS, type Transport, type TransportEvents, type TransportSettings } from '../transport.ts';

export default defineTransport({
  name: 'net',
  summary: 'node:net, on every platform',
  precedence: 2,
  unavailable: () => undefined,
  open: (settings) => new NetTransport(settings),
});

class NetTransport implements Transport {
  readonly #address: { host: string; port: number };
  readonly #nextSource: () => string | undefined;
  events!: TransportEvents;
  readonly #sockets: (Socket | undefined)[];
  readonly #spinNs: number;
  #running = false;
  #stopped: () => void = () => {};
  #timer: NodeJS.Timeout | undefined;
  #immediate: NodeJS.Immediate | undefined;
  #wakesAtNs = Infinity;

  constructor({ address, nextSource, slots, spinNs }: TransportSettings) {
    this.#address = address;
    this.#nextSource = nextSource;
    this.#spinNs = spinNs;
    this.#sockets = Array.from({ length: slots });
  }

  connect(slot: number): void {
    const localAddress = this.#nextSource();
    const socket = connect({ ...this.#address, noDelay: true, ...(localAddress !== undefined && { localAddress }) });
    const current = (): boolean => this.#sockets[slot] === socket;
    const closed = (code?: string): void => {
      if (!current()) return;
      this.close(slot);
      this.events.closed(slot, code);
    };
    this.#sockets[slot] = socket;
    socket.once('connect', () => {
      if (current()) this.events.connected(slot);
      this.#tick();
    });
    socket.on('data', (chunk: Buffer) => {
      if (current()) this.events.received(slot, chunk, chunk.length);
      this.#tick();
    });
    socket.once('end', () => closed());
    socket.on('error', (error: NodeJS.ErrnoException) => closed(error.code ?? error.message));
  }

  isOpen(slot: number): boolean {
    return this.#sockets[slot]?.readyState === 'open';
  }

  send(slot: number, bytes: Buffer, length: number): void {
    this.#sockets[slot]!.write(length === bytes.length ? bytes : bytes.subarray(0, length));
  }

  pause(slot: number): void {
    this.#sockets[slot]?.pause();
  }

  close(slot: number): void {
    const socket = this.#sockets[slot];
    this.#sockets[slot] = undefined;
    if (socket?.connecting) socket.destroy(); // perhaps nobody ever answers, and that would keep this thread alive
    socket?.end();
    socket?.resume(); // to see the server's end, whatever it still sends
    socket?.unref(); // nor must a server that never ends its side
  }

  async run(): Promise<void> {
    const stopped = new Promise<void>((resolve) => {
      this.#stopped = resolve;
    });
    this.#running = true;
    this.#tick();
    await stopped;
    clearTimeout(this.#timer);
    clearImmediate(this.#immediate);
    this.#wakesAtNs = Infinity;
  }

  stop(): void {
    this.#running = false;
    this.#stopped();
  }

  end(): void {
    for (const socket of this.#sockets) socket?.destroy();
  }

  /** Timers count whole ms and are late rather than early: what is due sooner than `spinNs` is waited for without one. */
  #tick(): void {
    if (!this.#running) return;
    const dueInNs = Math.min(this.events.tick(), TICK_NS);
    const wakesAtNs = nowNs() + dueInNs;
    if (this.#wakesAtNs <= wakesAtNs) return;
    const wake = (): void => {
      this.#wakesAtNs = Infinity;
      this.#tick();
    };
    clearTimeout(this.#timer);
    clearImmediate(this.#immediate);
    this.#wakesAtNs = wakesAtNs;
    if (dueInNs <= this.#spinNs) this.#immediate = setImmediate(wake);
    else this.#timer = setTimeout(wake, Math.ceil((dueInNs - this.#spinNs) / 1e6));
  }
}

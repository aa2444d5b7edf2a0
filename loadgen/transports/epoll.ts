/** One epoll loop over non-blocking sockets, through koffi: half the cost of node:net, so that fast servers are measured, not the client. */
import { getSystemErrorName } from 'node:util';
import { SockbenchError } from '../../errors/sockbench-error.ts';
import { Epoll } from '../../posix/epoll.ts';
import { ENDED, READABLE, WRITABLE } from '../../posix/poller.ts';
import { posixUnavailable } from '../../posix/libc.ts';
import { wakePunctually } from '../../posix/process.ts';
import { close, connectNonBlocking, pendingError, receive, send, wouldBlock } from '../../posix/socket.ts';
import { defineTransport, TICK_NS, type Transport, type TransportEvents, type TransportSettings } from '../transport.ts';

export default defineTransport({
  name: 'epoll',
  summary: 'a raw epoll loop through koffi (Linux)',
  precedence: 1,
  unavailable: () => posixUnavailable,
  open: (settings) => new EpollTransport(settings),
});

const CLOSED = -1;

class EpollTransport implements Transport {
  readonly #address: { host: string; port: number };
  readonly #nextSource: () => string | undefined;
  events!: TransportEvents;
  readonly #epoll = new Epoll();
  readonly #descriptors: Int32Array;
  readonly #connecting: Uint8Array;
  /** What each slot waits for besides room to send. */
  readonly #interest: Int32Array;
  /** Bytes that the kernel has not taken yet, by slot; rare. */
  readonly #unsent = new Map<number, Buffer[]>();
  /** How connections broke on which sending failed, by slot; rare. */
  readonly #broken = new Map<number, string>();
  readonly #buffer = Buffer.allocUnsafeSlow(1 << 16);
  readonly #spinNs: number;
  #running = false;

  constructor({ address, nextSource, slots, spinNs }: TransportSettings) {
    this.#address = address;
    this.#nextSource = nextSource;
    this.#spinNs = spinNs;
    this.#descriptors = new Int32Array(slots).fill(CLOSED);
    this.#connecting = new Uint8Array(slots);
    this.#interest = new Int32Array(slots);
  }

  connect(slot: number): void {
    try {
      const fd = connectNonBlocking(this.#address, this.#nextSource());
      this.#descriptors[slot] = fd;
      this.#connecting[slot] = 1;
      this.#epoll.add(fd, WRITABLE, slot);
    } catch (error) {
      this.close(slot);
      this.events.closed(slot, error instanceof SockbenchError ? error.code : String(error));
    }
  }

  isOpen(slot: number): boolean {
    return this.#descriptors[slot] !== CLOSED && this.#connecting[slot] === 0;
  }

  send(slot: number, bytes: Buffer, length: number): void {
    const queue = this.#unsent.get(slot);
    if (queue !== undefined) {
      queue.push(bytes.subarray(0, length));
      return;
    }
    const sent = send(this.#descriptors[slot]!, bytes, length);
    if (sent === length) return;
    if (sent < 0 && !wouldBlock(sent)) {
      this.#noteBroken(slot, sent);
      return;
    }
    this.#unsent.set(slot, [bytes.subarray(Math.max(sent, 0), length)]);
    this.#epoll.modify(this.#descriptors[slot]!, this.#interest[slot]! | WRITABLE, slot);
  }

  pause(slot: number): void {
    this.#interest[slot] = ENDED;
    this.#epoll.modify(this.#descriptors[slot]!, this.#unsent.has(slot) ? ENDED | WRITABLE : ENDED, slot);
  }

  close(slot: number): void {
    const fd = this.#descriptors[slot]!;
    if (fd === CLOSED) return;
    this.#descriptors[slot] = CLOSED;
    this.#connecting[slot] = 0;
    this.#unsent.delete(slot);
    this.#broken.delete(slot);
    close(fd); // which also takes it out of the epoll set: it has no duplicate
  }

  async run(): Promise<void> {
    wakePunctually();
    this.#running = true;
    let dueInNs = TICK_NS;
    while (this.#running) {
      const ready = this.#epoll.waitNs(Math.min(dueInNs, TICK_NS) - this.#spinNs);
      for (let index = 0; index < ready; index += 1) {
        this.#ready(this.#epoll.keyAt(index), this.#epoll.eventsAt(index));
      }
      dueInNs = this.events.tick();
    }
  }

  stop(): void {
    this.#running = false;
  }

  end(): void {
    for (let slot = 0; slot < this.#descriptors.length; slot += 1) this.close(slot);
    this.#epoll.close();
  }

  #ready(slot: number, events: number): void {
    const fd = this.#descriptors[slot]!;
    if (fd === CLOSED) return; // closed by an earlier event of this batch
    if (this.#connecting[slot] === 1) {
      this.#finishConnect(slot, fd);
      return;
    }
    if ((events & WRITABLE) !== 0) this.#sendRest(slot, fd);
    if ((events & ~WRITABLE) === 0) return;
    const received = receive(fd, this.#buffer);
    if (received > 0) {
      this.events.received(slot, this.#buffer, received);
    } else if (!wouldBlock(received)) {
      const reason = received === 0 ? this.#broken.get(slot) : getSystemErrorName(received);
      this.close(slot);
      this.events.closed(slot, reason);
    }
  }

  /** The kernel tells an error once: the next receive, which ends the connection, would find its stream at an end. */
  #noteBroken(slot: number, error: number): void {
    const name = getSystemErrorName(error);
    if (name !== 'EPIPE') this.#broken.set(slot, name); // EPIPE: it was at an end before
  }

  #finishConnect(slot: number, fd: number): void {
    const error = pendingError(fd);
    if (error === 0) {
      this.#connecting[slot] = 0;
      this.#interest[slot] = READABLE;
      this.#epoll.modify(fd, READABLE, slot);
      this.events.connected(slot);
    } else {
      this.close(slot);
      this.events.closed(slot, getSystemErrorName(-error));
    }
  }

  #sendRest(slot: number, fd: number): void {
    const queue = this.#unsent.get(slot) ?? [];
    while (queue.length > 0) {
      const sent = send(fd, queue[0]!, queue[0]!.length);
      if (sent < queue[0]!.length) {
        if (sent > 0) queue[0] = queue[0]!.subarray(sent);
        else if (!wouldBlock(sent)) this.#noteBroken(slot, sent);
        return;
      }
      queue.shift();
    }
    this.#unsent.delete(slot);
    this.#epoll.modify(fd, this.#interest[slot]!, slot);
  }
}

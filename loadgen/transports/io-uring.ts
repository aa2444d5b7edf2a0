/** One completion ring: all that is to be sent and received next is handed over in one system call, which is what a raw loop mostly pays for. */
import { getSystemErrorName } from 'node:util';
import { SockbenchError } from '../../errors/sockbench-error.ts';
import { CompletionRing, ioUringUnavailable, POLL, SEND } from '../../posix/io-uring.ts';
import { addressOf, ENOBUFS, posixUnavailable } from '../../posix/libc.ts';
import { WRITABLE } from '../../posix/poller.ts';
import { wakePunctually } from '../../posix/process.ts';
import { close, connectNonBlocking, pendingError, shutdown, SHUT_RDWR } from '../../posix/socket.ts';
import { defineTransport, TICK_NS, type Transport, type TransportEvents, type TransportSettings } from '../transport.ts';

export default defineTransport({
  name: 'io-uring',
  summary: 'one io_uring through koffi: batches of sends and receives in one system call (Linux 5.19)',
  precedence: 0,
  unavailable: () => posixUnavailable ?? ioUringUnavailable(),
  open: (settings, events) => new IoUringTransport(settings, events),
});

class IoUringTransport implements Transport {
  readonly #address: { host: string; port: number };
  readonly #nextSource: () => string | undefined;
  readonly #events: TransportEvents;
  readonly #ring = CompletionRing.open();
  readonly #spinNs: number;
  readonly #bySlot: (Connection | undefined)[];
  /** By key, as long as the kernel works for them, even if their slot has left them. */
  readonly #connections: (Connection | undefined)[] = [];
  readonly #freeKeys: number[] = [];
  /** Where the bytes lie that are sent: the same few views again and again. */
  readonly #addresses = new WeakMap<Buffer, number>();
  #running = true;

  constructor({ address, nextSource, slots, spinNs }: TransportSettings, events: TransportEvents) {
    this.#address = address;
    this.#nextSource = nextSource;
    this.#spinNs = spinNs;
    this.#events = events;
    this.#bySlot = Array.from({ length: slots }, () => undefined);
  }

  connect(slot: number): void {
    try {
      const fd = connectNonBlocking(this.#address, this.#nextSource());
      const connection = new Connection(slot, this.#freeKeys.pop() ?? this.#connections.length, fd);
      this.#connections[connection.key] = connection;
      this.#bySlot[slot] = connection;
      connection.underWay += 1;
      this.#ring.poll(fd, WRITABLE, connection.key);
    } catch (error) {
      this.#events.closed(slot, error instanceof SockbenchError ? error.code : String(error));
    }
  }

  send(slot: number, bytes: Buffer, length: number): void {
    const connection = this.#bySlot[slot]!;
    if (connection.unsentBytes > 0) connection.queue.push(bytes.subarray(0, length));
    else {
      connection.bytes = bytes;
      this.#send(connection, this.#addressOf(bytes), length);
    }
  }

  pause(slot: number): void {
    this.#bySlot[slot]!.paused = true;
  }

  close(slot: number): void {
    const connection = this.#bySlot[slot];
    if (connection === undefined) return;
    this.#bySlot[slot] = undefined;
    connection.slot = ABANDONED;
    shutdown(connection.fd, SHUT_RDWR); // completes what is under way
    this.#release(connection);
  }

  async run(): Promise<void> {
    wakePunctually();
    let dueInNs = TICK_NS;
    while (this.#running) {
      const completed = this.#ring.wait(Math.max(0, Math.min(dueInNs, TICK_NS) - this.#spinNs) / NS_PER_MS);
      for (let index = 0; index < completed; index += 1) this.#completed(index);
      dueInNs = this.#events.tick();
    }
    for (let slot = 0; slot < this.#bySlot.length; slot += 1) this.close(slot);
    for (const connection of this.#connections) if (connection !== undefined) close(connection.fd);
    this.#ring.close();
  }

  stop(): void {
    this.#running = false;
  }

  #completed(index: number): void {
    const connection = this.#connections[this.#ring.keyAt(index)]!;
    const operation = this.#ring.operationAt(index);
    const result = this.#ring.resultAt(index);
    connection.underWay -= 1;
    if (connection.slot === ABANDONED) this.#release(connection);
    else if (operation === SEND) this.#sent(connection, result);
    else if (operation === POLL) this.#connected(connection);
    else this.#received(connection, index, result);
  }

  #connected(connection: Connection): void {
    const error = pendingError(connection.fd);
    if (error === 0) {
      this.#receive(connection);
      this.#events.connected(connection.slot);
    } else {
      this.#ended(connection, getSystemErrorName(-error));
    }
  }

  #received(connection: Connection, index: number, result: number): void {
    if (result > 0) {
      if (!connection.paused) this.#receive(connection);
      this.#events.received(connection.slot, this.#ring.memoryAt(index), result);
    } else if (result === -ENOBUFS) {
      this.#receive(connection);
    } else {
      this.#ended(connection, result === 0 ? connection.broken : getSystemErrorName(result));
    }
  }

  /** One send at a time: the kernel promises no order among several. */
  #sent(connection: Connection, result: number): void {
    if (result < 0 && connection.paused) {
      this.#ended(connection, getSystemErrorName(result)); // no receive is under way that would find out
      return;
    }
    if (result < 0) {
      this.#noteBroken(connection, result);
      return;
    }
    const rest = connection.unsentBytes - result;
    const next = rest > 0 ? undefined : connection.queue.shift();
    connection.unsentBytes = 0;
    if (rest > 0) this.#send(connection, connection.address + result, rest);
    else if (next !== undefined) {
      connection.bytes = next;
      this.#send(connection, addressOf(next), next.length);
    }
  }

  /** The kernel tells an error once: the receive that is under way, which ends the connection, would find its stream at an end. */
  #noteBroken(connection: Connection, error: number): void {
    const name = getSystemErrorName(error);
    if (name !== 'EPIPE') connection.broken = name; // EPIPE: it was at an end before
  }

  #ended({ slot }: Connection, code: string | undefined): void {
    this.close(slot);
    this.#events.closed(slot, code);
  }

  #send(connection: Connection, address: number, length: number): void {
    connection.address = address;
    connection.unsentBytes = length;
    connection.underWay += 1;
    this.#ring.send(connection.fd, address, length, connection.key);
  }

  #receive(connection: Connection): void {
    connection.underWay += 1;
    this.#ring.receive(connection.fd, connection.key);
  }

  #addressOf(bytes: Buffer): number {
    const known = this.#addresses.get(bytes);
    if (known !== undefined) return known;
    const address = addressOf(bytes);
    this.#addresses.set(bytes, address);
    return address;
  }

  /** Closes the descriptor once nothing is under way on it any more. */
  #release({ key, fd, underWay }: Connection): void {
    if (underWay > 0) return;
    close(fd);
    this.#connections[key] = undefined;
    this.#freeKeys.push(key);
  }
}

/** The slot of a connection that its slot has left. */
const ABANDONED = -1;
const NS_PER_MS = 1e6;

class Connection {
  slot: number;
  readonly key: number;
  readonly fd: number;
  /** Submissions that have not completed. */
  underWay = 0;
  /** What the kernel is sending, and what comes after it; there is rarely any. */
  bytes: Buffer | undefined;
  address = 0;
  unsentBytes = 0;
  readonly queue: Buffer[] = [];
  /** Nothing more is received. */
  paused = false;
  /** How the connection broke on which sending failed. */
  broken: string | undefined;

  constructor(slot: number, key: number, fd: number) {
    this.slot = slot;
    this.key = key;
    this.fd = fd;
  }
}

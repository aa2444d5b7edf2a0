import { sendWithin, shutdown, SHUT_RD, SHUT_RDWR } from '../posix/socket.ts';

const NONE = -1;
/** The main thread is shutting it down at this very moment. */
const WAKING = -2;
/** Two words a slot: its descriptor, and whether someone writes to it. */
const WORDS = 2;
/** The words before the slots: not 0 once nothing more is to be received, and once nobody may sleep any more. */
const DRAIN = 0;
const HURRY = 1;
const FIRST = 2;
const UNLOCKED = 0;
const LOCKED = 1;

/** How long a room waits, once, for a member whose buffers in the kernel are full: a loaded machine may pause a client for a while. */
const PATIENCE_MS = 2000;

/**
 * The connections that blocking threads serve, in shared memory. It lets the main thread wake threads that sleep in a
 * call, and lets a thread write to the sockets of others, which is what a chat room among blocking threads is.
 * Only the thread that serves a connection closes its descriptor, and only when nobody else holds it.
 */
export class OpenConnections {
  readonly shared: Int32Array<SharedArrayBuffer>;

  /** A table of so many connections, or one that another thread has made. */
  constructor(from: number | Int32Array<SharedArrayBuffer>) {
    this.shared = typeof from === 'number' ? new Int32Array(new SharedArrayBuffer(4 * (FIRST + WORDS * from))) : from;
    if (typeof from === 'number') for (let slot = FIRST; slot < this.shared.length; slot += WORDS) this.shared[slot] = NONE;
  }

  /** Enters a connection. Returns its slot, or undefined when the table is full. */
  enter(fd: number): number | undefined {
    for (let slot = FIRST; slot < this.shared.length; slot += WORDS) {
      if (Atomics.compareExchange(this.shared, slot, NONE, fd) !== NONE) continue;
      // Either the main thread finds it in the table, or it is found here that the server stops.
      if (Atomics.load(this.shared, HURRY) !== 0) shutdown(fd, SHUT_RDWR);
      else if (Atomics.load(this.shared, DRAIN) !== 0) shutdown(fd, SHUT_RD);
      return slot;
    }
    return undefined;
  }

  /** Takes it out again; after this nobody else uses the descriptor, and it may be closed. */
  leave(slot: number, fd: number): void {
    this.#lock(slot);
    while (Atomics.compareExchange(this.shared, slot, fd, NONE) !== fd) Atomics.wait(this.shared, slot, WAKING, 1);
    this.#unlock(slot);
  }

  /**
   * Writes to every connection, one after the other. One that doesn't take it within PATIENCE_MS is cut off.
   * @returns how many were cut off because they don't read
   */
  sendToAll(bytes: Buffer): number {
    let cutOff = 0;
    for (let slot = FIRST; slot < this.shared.length; slot += WORDS) {
      if (Atomics.load(this.shared, slot) < 0) continue;
      this.#lock(slot);
      const fd = Atomics.load(this.shared, slot);
      const sent = fd < 0 ? bytes.length : sendWithin(fd, bytes, PATIENCE_MS);
      if (sent < bytes.length) shutdown(fd, SHUT_RDWR);
      if (sent >= 0 && sent < bytes.length) cutOff += 1;
      this.#unlock(slot);
    }
    return cutOff;
  }

  /** The calling thread sleeps; not past `hurry`. */
  sleep(delayMs: number): void {
    Atomics.wait(this.shared, HURRY, 0, delayMs);
  }

  /** The server stops: wakes who waits for a client; what has arrived is still received and answered. */
  drain(): void {
    Atomics.store(this.shared, DRAIN, 1);
    this.#wakeAll(SHUT_RD);
  }

  /** It has waited long enough: wakes who sleeps and who waits in any call. */
  hurry(): void {
    Atomics.store(this.shared, HURRY, 1);
    Atomics.notify(this.shared, HURRY);
    this.#wakeAll(SHUT_RDWR);
  }

  /** Shuts every connection down, so that the thread that sleeps on it wakes. Never waits. */
  #wakeAll(how: number): void {
    for (let slot = FIRST; slot < this.shared.length; slot += WORDS) {
      const fd = Atomics.load(this.shared, slot);
      if (fd < 0 || Atomics.compareExchange(this.shared, slot, fd, WAKING) !== fd) continue;
      shutdown(fd, how);
      Atomics.store(this.shared, slot, fd);
    }
  }

  #lock(slot: number): void {
    while (Atomics.compareExchange(this.shared, slot + 1, UNLOCKED, LOCKED) !== UNLOCKED)
      Atomics.wait(this.shared, slot + 1, LOCKED);
  }

  #unlock(slot: number): void {
    Atomics.store(this.shared, slot + 1, UNLOCKED);
    Atomics.notify(this.shared, slot + 1, 1);
  }
}

import { describeError } from '../errors/sockbench-error.ts';
import { READABLE, WRITABLE, type Poller } from '../posix/poller.ts';
import { acceptNonBlocking, close, receive, send, setOption, shutdown, SHUT_RD, wouldBlock } from '../posix/socket.ts';
import { EINVAL, EMFILE, ENFILE } from '../posix/libc.ts';
import { Conversation } from './conversation.ts';
import type { Room } from './rooms/room.ts';
import type { Service } from './service.ts';
import type { FrameBatch } from '../framing/frame-batch.ts';

const NO_LIMIT = -1;

/**
 * One thread over non-blocking sockets: ask the poller which are ready, serve those, ask again. Ends when the listening
 * socket is shut down and every connection has been answered, or after `limits.drainMs`.
 */
export class ReadinessLoop {
  readonly #service: Service;
  readonly #poller: Poller;
  readonly #listener: number;
  readonly #room: Room;
  readonly #connections = new Map<number, Connection>();
  /** Descriptors that are no connections, and what to do when they are readable. */
  readonly #watched = new Map<number, () => void>();
  readonly #buffer = Buffer.allocUnsafeSlow(1 << 16);
  /** No descriptor was left at the last accept: the listening socket is not watched until a connection closes. */
  #full = false;
  #drainUntilMs = Infinity;

  constructor(service: Service, poller: Poller, listener: number, room: Room) {
    this.#service = service;
    this.#poller = poller;
    this.#listener = listener;
    this.#room = room;
    poller.add(listener, READABLE, listener);
  }

  /** Calls back whenever the descriptor is readable. */
  watch(fd: number, whenReadable: () => void): void {
    this.#watched.set(fd, whenReadable);
    this.#poller.add(fd, READABLE, fd);
  }

  run(): void {
    while (this.#drainUntilMs === Infinity || (this.#connections.size > 0 && performance.now() < this.#drainUntilMs)) {
      const ready = this.#poller.wait(
        this.#drainUntilMs === Infinity ? NO_LIMIT : Math.max(0, Math.ceil(this.#drainUntilMs - performance.now())),
      );
      for (let index = 0; index < ready; index += 1) this.#serve(this.#poller.keyAt(index));
    }
    for (const connection of this.#connections.values()) this.#drop(connection);
    this.#poller.close();
  }

  #serve(fd: number): void {
    if (fd === this.#listener) {
      this.#accept();
      return;
    }
    const connection = this.#connections.get(fd);
    if (connection === undefined) {
      this.#watched.get(fd)?.(); // or closed by an earlier event of this batch
      return;
    }
    if (connection.unsent !== undefined) this.#sendRest(connection);
    if (connection.unsent === undefined) this.#receive(connection);
  }

  /** Takes everyone who waits. */
  #accept(): void {
    for (;;) {
      const fd = acceptNonBlocking(this.#listener);
      if (fd >= 0) this.open(fd);
      else if (fd === -EINVAL) this.#drain();
      else if (fd === -EMFILE || fd === -ENFILE) this.#watchListener(false);
      if (fd < 0) return;
    }
  }

  /** Serves a non-blocking descriptor from now on. */
  open(fd: number): void {
    try {
      this.#poller.add(fd, READABLE, fd);
    } catch (error) {
      process.stderr.write(`connection refused: ${describeError(error)}\n`);
      close(fd);
      return;
    }
    setOption(fd, 'TCP_NODELAY', 1);
    const connection = new Connection(fd);
    connection.conversation = new Conversation(this.#service, this.#room, (batch) => this.#send(connection, batch));
    this.#connections.set(fd, connection);
  }

  #receive(connection: Connection): void {
    do {
      const received = receive(connection.fd, this.#buffer);
      if (wouldBlock(received)) return;
      if (received <= 0) {
        this.#ended(connection, received === 0);
        return;
      }
      try {
        connection.conversation.receive(this.#buffer.subarray(0, received));
      } catch (error) {
        this.#closeFor(connection, error);
        return;
      }
    } while (this.#poller.edgeTriggered && connection.unsent === undefined && !connection.closed);
  }

  /** The client sends no more: its replies still go out. */
  #ended(connection: Connection, orderly: boolean): void {
    try {
      if (orderly) connection.conversation.end();
    } catch (error) {
      this.#closeFor(connection, error);
      return;
    }
    this.#drop(connection);
  }

  #closeFor(connection: Connection, error: unknown): void {
    process.stderr.write(`connection closed: ${describeError(error)}\n`);
    if (connection.unsent === undefined) this.#drop(connection);
    else connection.closing = true;
  }

  /** What the kernel doesn't take waits, and nothing more is read from this client until it has gone. */
  #send(connection: Connection, batch: FrameBatch): void {
    if (connection.closed) {
      batch.clear();
      return;
    }
    if (connection.unsent !== undefined) {
      connection.unsent.push(batch.take());
      connection.unsentBytes += connection.unsent.at(-1)!.length;
      if (connection.unsentBytes > this.#service.limits.pendingBytes) this.#drop(connection);
      return;
    }
    const bytes = batch.peek();
    const sent = send(connection.fd, bytes, bytes.length);
    if (sent === bytes.length) {
      batch.clear();
      return;
    }
    const rest = batch.take().subarray(Math.max(sent, 0));
    if (sent < 0 && !wouldBlock(sent)) return; // the client is gone: the next receive says so
    connection.unsent = [rest];
    connection.unsentBytes = rest.length;
    this.#poller.modify(connection.fd, WRITABLE, connection.fd);
  }

  #sendRest(connection: Connection): void {
    const queue = connection.unsent!;
    while (queue.length > 0) {
      const sent = send(connection.fd, queue[0]!, queue[0]!.length);
      if (sent < 0 && !wouldBlock(sent)) break;
      connection.unsentBytes -= Math.max(sent, 0);
      if (sent < queue[0]!.length) {
        if (sent > 0) queue[0] = queue[0]!.subarray(sent);
        return;
      }
      queue.shift();
    }
    connection.unsent = undefined;
    if (connection.closing) this.#drop(connection);
    else this.#poller.modify(connection.fd, READABLE, connection.fd);
  }

  #drop(connection: Connection): void {
    if (connection.closed) return;
    connection.closed = true;
    connection.conversation.leave();
    this.#connections.delete(connection.fd);
    this.#poller.remove(connection.fd);
    close(connection.fd);
    if (this.#full) this.#watchListener(true);
  }

  /** Without a free descriptor the listening socket stays ready, and a loop that watched it would spin. */
  #watchListener(watch: boolean): void {
    this.#full = !watch;
    if (watch) this.#poller.add(this.#listener, READABLE, this.#listener);
    else this.#poller.remove(this.#listener);
  }

  #drain(): void {
    if (this.#drainUntilMs !== Infinity) return;
    this.#drainUntilMs = performance.now() + this.#service.limits.drainMs;
    this.#poller.remove(this.#listener);
    for (const { fd } of this.#connections.values()) shutdown(fd, SHUT_RD); // what has arrived is still read
  }
}

class Connection {
  readonly fd: number;
  conversation!: Conversation;
  /** What the kernel has not taken yet; undefined when it has taken all. */
  unsent: Buffer[] | undefined;
  unsentBytes = 0;
  /** To be closed as soon as everything is sent. */
  closing = false;
  closed = false;

  constructor(fd: number) {
    this.fd = fd;
  }
}

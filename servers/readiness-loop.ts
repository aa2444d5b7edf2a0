import { READABLE, WRITABLE, type Poller } from '../posix/poller.ts';
import {
  acceptNonBlocking,
  close,
  NO_ROOM_REST_MS,
  noRoom,
  receive,
  send,
  setOption,
  shutdown,
  SHUT_RD,
  wouldBlock,
} from '../posix/socket.ts';
import { EINVAL } from '../posix/libc.ts';
import { admit } from './admission.ts';
import { Conversation } from './conversation.ts';
import { closeOverdue, lookEveryMs } from './patience.ts';
import type { Room } from './rooms/room.ts';
import type { Service } from './service.ts';
import type { FrameBatch } from '../framing/frame-batch.ts';
import { Connection } from './ready-connection.ts';
import { Timers } from './timers.ts';

const NO_LIMIT = -1;
const NOTHING = 0;
const NO_LISTENER = -1;

/**
 * One thread over non-blocking sockets: ask the poller which are ready, serve those, ask again. Drains when the listening
 * socket is shut down or it is told to; ends when every connection has been answered, or after `limits.drainMs`.
 */
export class ReadinessLoop {
  readonly #service: Service;
  readonly #poller: Poller;
  readonly #room: Room;
  readonly #connections = new Map<number, Connection>();
  /** Descriptors that are no connections, and what to do when they are readable. */
  readonly #watched = new Map<number, () => void>();
  readonly #timers = new Timers();
  readonly #buffer = Buffer.allocUnsafeSlow(1 << 16);
  #listener = NO_LISTENER;
  #drainUntilMs = Infinity;

  constructor(service: Service, poller: Poller, room: Room) {
    this.#service = service;
    this.#poller = poller;
    this.#room = room;
  }

  /** Serves everyone who connects to the non-blocking listening socket. */
  acceptFrom(listener: number): void {
    this.#listener = listener;
    this.#poller.add(listener, READABLE, listener);
  }

  /** Calls back whenever the descriptor is readable. */
  watch(fd: number, whenReadable: () => void): void {
    this.#watched.set(fd, whenReadable);
    this.#poller.add(fd, READABLE, fd);
  }

  run(): void {
    this.#timers.every(lookEveryMs(this.#service.limits), () =>
      closeOverdue(this.#service, this.#connections.values(), (connection) => this.#drop(connection)),
    );
    while (this.#drainUntilMs === Infinity || (this.#connections.size > 0 && performance.now() < this.#drainUntilMs)) {
      const ready = this.#poller.wait(this.#sleepMs());
      for (let index = 0; index < ready; index += 1) this.#serve(this.#poller.keyAt(index));
      this.#timers.callDue();
    }
    for (const connection of this.#connections.values()) this.#drop(connection);
    this.#poller.close();
  }

  #sleepMs(): number {
    const drainMs = this.#drainUntilMs === Infinity ? Infinity : Math.max(0, this.#drainUntilMs - performance.now());
    const sleepMs = Math.min(drainMs, this.#timers.nextMs);
    return sleepMs === Infinity ? NO_LIMIT : Math.ceil(sleepMs);
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
    else if (connection.ending) this.#drop(connection); // an error is all that it is still watched for
    else this.#receive(connection);
  }

  /** Takes everyone who waits. */
  #accept(): void {
    for (;;) {
      const fd = acceptNonBlocking(this.#listener);
      if (fd >= 0) this.open(fd);
      else if (fd === -EINVAL) this.drain();
      else if (noRoom(fd)) this.#restFromAccepting();
      if (fd < 0) return;
    }
  }

  /** Serves a non-blocking descriptor from now on. */
  open(fd: number): void {
    if (!admit(this.#service)) {
      close(fd);
      return;
    }
    try {
      this.#poller.add(fd, READABLE, fd);
    } catch (error) {
      this.#service.closings.refuse(error);
      this.#service.places.release();
      close(fd);
      return;
    }
    setOption(fd, 'TCP_NODELAY', 1);
    const connection = new Connection(fd);
    connection.conversation = new Conversation(this.#service, this.#room, {
      output: (batch) => this.#send(connection, batch),
      after: (delayMs, then) => this.#timers.after(delayMs, then),
    });
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
        this.#service.closings.report(error);
        this.#end(connection);
        return;
      }
      if (connection.conversation.held) {
        this.#watch(connection);
        connection.conversation.whenFree(() => this.#watch(connection));
        return;
      }
    } while (this.#poller.edgeTriggered && connection.unsent === undefined && !connection.closed);
  }

  /** The client sends no more: its replies still go out. */
  #ended(connection: Connection, orderly: boolean): void {
    if (!orderly) {
      this.#drop(connection);
      return;
    }
    this.#service.closings.attempt(() => connection.conversation.end());
    this.#end(connection);
  }

  /** Nothing more is read; closes as soon as every reply has been sent. */
  #end(connection: Connection): void {
    connection.ending = true;
    const { conversation } = connection;
    if (connection.unsent === undefined && !conversation.settled) this.#watch(connection);
    conversation.whenSettled(() => {
      if (connection.unsent === undefined) this.#drop(connection);
    });
  }

  /** What the kernel is asked to tell of the connection. */
  #watch(connection: Connection): void {
    if (connection.closed) return;
    const { unsent, ending, conversation } = connection;
    const events = unsent !== undefined ? WRITABLE : ending || conversation.held ? NOTHING : READABLE;
    this.#poller.modify(connection.fd, events, connection.fd);
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
      if (connection.unsentBytes > this.#service.limits.pendingBytes) {
        this.#service.closings.count('unread');
        this.#drop(connection);
      }
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
    this.#watch(connection);
  }

  #sendRest(connection: Connection): void {
    if (!connection.sendRest()) return;
    if (connection.ending && connection.conversation.settled) this.#drop(connection);
    else this.#watch(connection);
  }

  #drop(connection: Connection): void {
    if (connection.closed) return;
    connection.closed = true;
    connection.conversation.leave();
    this.#connections.delete(connection.fd);
    this.#poller.remove(connection.fd);
    close(connection.fd);
    this.#service.places.release();
  }

  /** Without a free descriptor the listening socket stays ready, and a loop that went on watching it would spin. */
  #restFromAccepting(): void {
    this.#poller.modify(this.#listener, NOTHING, this.#listener);
    this.#timers.after(NO_ROOM_REST_MS, () => {
      if (this.#listener !== NO_LISTENER) this.#poller.modify(this.#listener, READABLE, this.#listener);
    });
  }

  /** Accepts no more, and ends soon; what has arrived is still read and answered. */
  drain(): void {
    if (this.#drainUntilMs !== Infinity) return;
    this.#drainUntilMs = performance.now() + this.#service.limits.drainMs;
    if (this.#listener !== NO_LISTENER) this.#poller.remove(this.#listener);
    this.#listener = NO_LISTENER;
    for (const { fd } of this.#connections.values()) shutdown(fd, SHUT_RD);
  }
}

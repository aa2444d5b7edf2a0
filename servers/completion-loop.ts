import type { FrameBatch } from '../framing/frame-batch.ts';
import { ACCEPT, SEND, type CompletionRing } from '../posix/io-uring.ts';
import { ENOBUFS } from '../posix/libc.ts';
import { close, isShutDown, setOption, shutdown, SHUT_RD, SHUT_RDWR } from '../posix/socket.ts';
import { admit } from './admission.ts';
import { Conversation } from './conversation.ts';
import { closeOverdue, lookEveryMs } from './patience.ts';
import type { Room } from './rooms/room.ts';
import { Held, SendMemory } from './send-memory.ts';
import type { Service } from './service.ts';
import { Timers } from './timers.ts';

/** A client is no longer read from while so many bytes of replies wait to be sent to it. */
const MOST_UNSENT_BYTES = 1 << 16;
/** How long accepting rests when there is no descriptor left: asking again at once would be a spin. */
const NO_ROOM_REST_MS = 50;

/**
 * One thread over a completion ring: submit requests, sleep until some are complete, act on those, again. Ends when the
 * listening socket is shut down and every connection has been answered, or after `limits.drainMs`.
 */
export class CompletionLoop {
  readonly #service: Service;
  readonly #ring: CompletionRing;
  readonly #listener: number;
  readonly #room: Room;
  readonly #connections = new Map<number, Connection>();
  readonly #timers = new Timers();
  readonly #memory = new SendMemory();
  #draining = false;
  #drainIsOver = false;

  constructor(service: Service, ring: CompletionRing, listener: number, room: Room) {
    this.#service = service;
    this.#ring = ring;
    this.#listener = listener;
    this.#room = room;
  }

  run(): void {
    this.#accept();
    this.#timers.every(lookEveryMs(this.#service.limits), () =>
      closeOverdue(this.#service, this.#connections.values(), (connection) => this.#drop(connection)),
    );
    while (!this.#drainIsOver && !(this.#draining && this.#connections.size === 0)) {
      const completed = this.#ring.wait(this.#timers.nextMs);
      for (let index = 0; index < completed; index += 1) this.#handle(index);
      this.#timers.callDue();
    }
    for (const connection of this.#connections.values()) {
      this.#drop(connection);
      if (!connection.released) close(connection.fd);
    }
    this.#ring.close();
  }

  #handle(index: number): void {
    const operation = this.#ring.operationAt(index);
    const result = this.#ring.resultAt(index);
    if (operation === ACCEPT) {
      this.#accepted(result, this.#ring.continuesAt(index));
      return;
    }
    const connection = this.#connections.get(this.#ring.keyAt(index))!;
    if (operation === SEND) this.#sent(connection, result);
    else this.#received(connection, index, result);
  }

  #accept(): void {
    this.#ring.accept(this.#listener, this.#listener);
  }

  #accepted(result: number, continues: boolean): void {
    if (result >= 0) this.#open(result);
    if (continues) return;
    if (result >= 0) this.#accept();
    else if (isShutDown(this.#listener)) this.#drain();
    else this.#timers.after(NO_ROOM_REST_MS, () => this.#accept());
  }

  #open(fd: number): void {
    if (!admit(this.#service)) {
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
    this.#proceed(connection);
  }

  #received(connection: Connection, index: number, result: number): void {
    connection.receiving = false;
    if (!connection.ending) {
      if (result > 0) this.#converse(connection, this.#ring.chunkAt(index));
      else if (result !== -ENOBUFS) this.#ended(connection, result === 0);
    }
    this.#proceed(connection);
  }

  #converse(connection: Connection, chunk: Buffer): void {
    const { conversation } = connection;
    try {
      conversation.receive(chunk);
      if (conversation.held) conversation.whenFree(() => this.#proceed(connection));
    } catch (error) {
      this.#service.closings.report(error);
      this.#end(connection);
    }
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
    connection.conversation.whenSettled(() => {
      if (connection.sending.length === 0) this.#drop(connection);
    });
  }

  /** One send at a time; while it is on its way, what comes next waits in the batch. */
  #send(connection: Connection, batch: FrameBatch): void {
    const { fd, sending, closed } = connection;
    if (closed) {
      batch.clear();
    } else if (sending.length === 0) {
      this.#memory.hold(sending, batch);
      this.#ring.send(fd, sending.address, sending.length, fd);
    } else {
      connection.waitingBytes = batch.length;
      if (connection.unsentBytes > this.#service.limits.pendingBytes) {
        this.#service.closings.count('unread');
        this.#drop(connection);
      }
    }
  }

  #sent(connection: Connection, result: number): void {
    const { fd, sending, conversation } = connection;
    if (result > 0 && result < sending.length && !connection.closed) {
      sending.address += result;
      sending.length -= result;
      this.#ring.send(fd, sending.address, sending.length, fd);
      return;
    }
    this.#memory.release(sending);
    connection.waitingBytes = 0;
    if (result < 0) this.#drop(connection); // the client is gone
    if (!connection.closed) conversation.flush();
    if (connection.ending && conversation.settled && sending.length === 0) this.#drop(connection);
    this.#proceed(connection);
  }

  /** Receives from the client if it should be read from, and lets a dropped one go. */
  #proceed(connection: Connection): void {
    const { fd, receiving, ending, closed, conversation } = connection;
    if (closed) {
      this.#release(connection);
    } else if (!receiving && !ending && !conversation.held && connection.unsentBytes < MOST_UNSENT_BYTES) {
      connection.receiving = true;
      this.#ring.receive(fd, fd);
    }
  }

  /** Ends the connection at once. */
  #drop(connection: Connection): void {
    if (connection.closed) return;
    connection.closed = true;
    connection.ending = true;
    connection.conversation.leave();
    if (connection.receiving || connection.sending.length > 0) shutdown(connection.fd, SHUT_RDWR); // completes them
    this.#release(connection);
  }

  /** Closes the descriptor once no request uses it any more. */
  #release(connection: Connection): void {
    if (connection.released || connection.receiving || connection.sending.length > 0) return;
    connection.released = true;
    this.#connections.delete(connection.fd);
    close(connection.fd);
    this.#service.places.release();
  }

  #drain(): void {
    this.#draining = true;
    this.#timers.after(this.#service.limits.drainMs, () => (this.#drainIsOver = true));
    for (const { fd } of this.#connections.values()) shutdown(fd, SHUT_RD); // what has arrived is still read
  }
}

class Connection {
  readonly fd: number;
  conversation!: Conversation;
  receiving = false;
  /** What the kernel is sending. */
  readonly sending = new Held();
  /** Bytes of the batch behind it. */
  waitingBytes = 0;
  /** To be closed as soon as everything is sent. */
  ending = false;
  closed = false;
  released = false;

  constructor(fd: number) {
    this.fd = fd;
  }

  get unsentBytes(): number {
    return this.sending.length + this.waitingBytes;
  }
}

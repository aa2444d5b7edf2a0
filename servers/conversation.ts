import { FrameBatch } from '../framing/frame-batch.ts';
import type { FrameDecoder } from '../framing/framing.ts';
import type { Reply } from './app.ts';
import type { Reason } from './closings.ts';
import { Patience } from './patience.ts';
import type { Member, Room } from './rooms/room.ts';
import type { Service } from './service.ts';

/** What a model lends the conversation on one of its connections. */
export interface Line {
  /**
   * Sends the batch's frames and then either clears it, if the kernel has taken them, or takes them with their memory.
   * May also leave them, while earlier ones are on their way: `flush` offers them again, with those that have come since.
   */
  output(batch: FrameBatch): void;
  /** Calls back after so long: a loop by a timer, a blocking thread by sleeping here and now. */
  after(delayMs: number, then: () => void): void;
}

/** What else may be done with a message than to let the app reply here and now; copy it to keep it. */
export type Handle = (message: Buffer, conversation: Conversation) => void;

/** Bytes of replies that may be waited for before reading should stop; a short one counts as LEAST_BYTES. */
const MOST_IN_HAND = 1 << 20;
const LEAST_BYTES = 1 << 10;

/** The place of a reply that could not leave at once. */
interface Place {
  reply: Reply | undefined;
  dueMs: number;
  readonly bytes: number;
}

/**
 * The server's side of one connection, without the connection: bytes in, the app's replies out, in the order of their
 * messages. The same under every model; a model decides only when `receive` runs and how its `line` gets the bytes away.
 */
export class Conversation implements Member {
  readonly #limits: Service['limits'];
  readonly #decoder: FrameDecoder;
  readonly #batch: FrameBatch;
  readonly #room: Room;
  readonly #line: Line;
  #chunks = 0;
  #messages = 0;
  #patience: Patience | undefined;
  #posted = false;
  /** Replies that are waited for, and those behind them. */
  #places: Place[] = [];
  #bytesInHand = 0;
  #timing = false;
  #whenFree: (() => void)[] = [];
  #whenSettled: (() => void)[] = [];

  /** @param handle what to do with a message, where the app does not run here: see `expect` */
  constructor({ app, framing, limits }: Service, room: Room, line: Line, handle?: Handle) {
    this.#limits = limits;
    this.#batch = new FrameBatch(framing);
    this.#decoder = framing.decoder((message) => {
      this.#messages += 1;
      if (handle === undefined) this.#reply(app.handle(message));
      else handle(message, this);
    });
    this.#room = room;
    this.#line = line;
    room.join(this);
  }

  /**
   * Handles every message that `chunk` completes; replies that are due leave in one write.
   * @throws SockbenchError E_FRAME_…: close this connection. Replies to the messages before have been sent, or will be.
   */
  receive(chunk: Buffer): void {
    this.#chunks += 1;
    try {
      this.#decoder.push(chunk);
    } finally {
      this.flush();
    }
  }

  /** The client sends no more. Throws E_FRAME_TRUNCATED when it stopped inside a frame. */
  end(): void {
    this.#decoder.end();
  }

  /** Keeps the place of a reply of about so many bytes that is made elsewhere; give it to the returned function. */
  expect(bytes: number): (reply: Reply) => void {
    const place = this.#place(bytes);
    return (reply) => {
      this.#fill(place, reply);
      this.#release();
    };
  }

  /**
   * Which limit of time the client has exceeded, as far as can be told from the calls of this: make them every so often.
   * @param unsentBytes replies that have left the conversation and wait for the kernel
   */
  overdue(nowMs: number, unsentBytes = 0): Reason | undefined {
    this.#patience ??= new Patience(this.#limits);
    return this.#patience.exhausted(nowMs, {
      chunks: this.#chunks,
      messages: this.#messages,
      midFrame: this.midFrame,
      owed: !this.settled,
      unsentBytes,
    });
  }

  /** A message has begun and is not whole. */
  get midFrame(): boolean {
    return this.#decoder.midFrame;
  }

  /** So much is waited for that nothing more should be read until `whenFree`. */
  get held(): boolean {
    return this.#bytesInHand >= MOST_IN_HAND;
  }

  /** Every message has been answered. */
  get settled(): boolean {
    return this.#places.length === 0;
  }

  /** Calls back once `held` has ended. */
  whenFree(then: () => void): void {
    this.#whenFree.push(then);
  }

  /** Calls back once `settled`, perhaps at once. */
  whenSettled(then: () => void): void {
    if (this.settled) then();
    else this.#whenSettled.push(then);
  }

  deliver(payload: Buffer): void {
    this.#batch.add(payload);
  }

  flush(): void {
    if (this.#posted) {
      this.#posted = false;
      this.#room.flush(); // comes back here, with nothing posted
    } else if (this.#batch.length > 0) {
      this.#line.output(this.#batch);
    }
  }

  leave(): void {
    this.#room.leave(this);
  }

  #reply(reply: Reply): void {
    if (reply.afterMs === undefined && this.#places.length === 0) {
      this.#put(reply);
      return;
    }
    this.flush(); // what is due must not wait with those who sleep
    this.#fill(this.#place(reply.payload.length), { ...reply, payload: Buffer.from(reply.payload) });
    this.#release();
  }

  #put({ to, payload }: Reply): void {
    if (to === 'room') {
      this.#posted = true;
      this.#room.post(payload);
    } else {
      this.#batch.add(payload);
    }
  }

  #place(bytes: number): Place {
    const place: Place = { reply: undefined, dueMs: Infinity, bytes: Math.max(bytes, LEAST_BYTES) };
    this.#bytesInHand += place.bytes;
    this.#places.push(place);
    return place;
  }

  #fill(place: Place, reply: Reply): void {
    place.reply = reply;
    place.dueMs = performance.now() + (reply.afterMs ?? 0);
  }

  /** Sends the replies at the head that are there and due, and sees to it that the next one will be. */
  #release(): void {
    const nowMs = performance.now();
    const found = this.#places.findIndex(({ reply, dueMs }) => reply === undefined || dueMs > nowMs);
    const leaving = this.#places.splice(0, found < 0 ? this.#places.length : found);
    for (const { reply, bytes } of leaving) {
      this.#put(reply!);
      this.#bytesInHand -= bytes;
    }
    this.flush();
    this.#awaitHead(nowMs);
    if (!this.held) for (const then of this.#whenFree.splice(0)) then();
    if (this.settled) for (const then of this.#whenSettled.splice(0)) then();
  }

  #awaitHead(nowMs: number): void {
    const head = this.#places[0];
    if (this.#timing || head?.reply === undefined) return;
    this.#timing = true;
    this.#line.after(head.dueMs - nowMs, () => {
      this.#timing = false;
      this.#release();
    });
  }
}

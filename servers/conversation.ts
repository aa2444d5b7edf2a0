import { FrameBatch } from '../framing/frame-batch.ts';
import type { FrameDecoder } from '../framing/framing.ts';
import type { Reply } from './app.ts';
import type { Member, Room } from './rooms/room.ts';
import type { Service } from './service.ts';

/** Sends the batch's frames and then either clears it, if the kernel has taken them, or takes them with their memory. */
export type Output = (batch: FrameBatch) => void;

/**
 * The server's side of one connection, without the connection: bytes in, the app's replies out. The same under every
 * model; a model decides only when `receive` runs and how `output` gets the bytes away.
 */
export class Conversation implements Member {
  readonly #app: Service['app'];
  readonly #decoder: FrameDecoder;
  readonly #batch: FrameBatch;
  readonly #room: Room;
  readonly #output: Output;
  #posted = false;

  constructor(service: Service, room: Room, output: Output) {
    this.#app = service.app;
    this.#batch = new FrameBatch(service.framing);
    this.#decoder = service.framing.decoder((message) => this.reply(this.#app.handle(message)));
    this.#room = room;
    this.#output = output;
    room.join(this);
  }

  /**
   * Handles every message that `chunk` completes; the replies leave in one write.
   * @throws SockbenchError E_FRAME_…: close this connection. Replies to the messages before have been sent.
   */
  receive(chunk: Buffer): void {
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

  reply(reply: Reply): void {
    if (reply.to === 'room') {
      this.#posted = true;
      this.#room.post(reply.payload);
    } else {
      this.#batch.add(reply.payload);
    }
  }

  deliver(payload: Buffer): void {
    this.#batch.add(payload);
  }

  flush(): void {
    if (this.#posted) {
      this.#posted = false;
      this.#room.flush(); // comes back here, with nothing posted
    } else if (this.#batch.length > 0) {
      this.#output(this.#batch);
    }
  }

  leave(): void {
    this.#room.leave(this);
  }
}

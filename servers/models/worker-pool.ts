/**
 * One thread reads and writes sockets, as in event-loop; each message is handled by a pool of threads. Replies of a
 * connection leave in the order of its messages, whichever thread was first.
 *
 * Source: half-sync/half-async (Schmidt, Cranor 1996); the pool is piscina.
 * Wins where a message needs so much CPU that the way to another thread and back is small. Loses on cheap messages.
 */
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import type { FrameDecoder } from '../../framing/framing.ts';
import type { Reply } from '../app.ts';
import { Conversation } from '../conversation.ts';
import { defineModel } from '../model.ts';
import { listenWithNet, socketOutput, type ConnectionHandler } from '../net-server.ts';
import { LocalRoom } from '../rooms/local.ts';
import type { Room } from '../rooms/room.ts';
import type { Service } from '../service.ts';

/** Bytes of one connection that may be with the pool before reading from it stops; a short message counts as LEAST_BYTES. */
const MOST_IN_HAND = 1 << 20;
const LEAST_BYTES = 1 << 10;

export default defineModel({
  name: 'worker-pool',
  family: 'thread',
  representative: true,
  summary: 'node:net in front, messages handled by a pool of threads',
  source: 'half-sync/half-async; piscina',
  capabilities: { connections: 'many', parallel: true, platforms: 'all' },

  async start(service) {
    const pool = new Piscina({
      filename: fileURLToPath(new URL(`../pool-task${import.meta.url.slice(-3)}`, import.meta.url)),
      workerData: service.spec,
      minThreads: service.workers,
      maxThreads: service.workers,
    });
    // One empty message for each thread, so that all have loaded the app: Node 20 aborts when one is ended before that.
    await Promise.all(pool.threads.map(() => pool.run(new Uint8Array())));
    const room = new LocalRoom();
    const server = await listenWithNet(service, (socket) => new PooledConversation(service, room, pool, socket));
    return {
      port: server.port,
      async stop() {
        await server.stop();
        await pool.destroy();
      },
    };
  },
});

/** Decodes here, handles there, and replies in order. */
class PooledConversation implements ConnectionHandler {
  readonly #conversation: Conversation;
  readonly #decoder: FrameDecoder;
  readonly #socket: Socket;
  #inHand = 0;
  #lastReply = Promise.resolve();

  constructor(service: Service, room: Room, pool: Piscina, socket: Socket) {
    this.#socket = socket;
    this.#conversation = new Conversation(service, room, socketOutput(socket, service.limits.pendingBytes));
    this.#decoder = service.framing.decoder((message) => {
      this.#enqueue(pool.run(Uint8Array.from(message)) as Promise<Reply>, Math.max(message.length, LEAST_BYTES));
    });
  }

  receive(chunk: Buffer): void {
    this.#decoder.push(chunk);
    if (this.#inHand >= MOST_IN_HAND) this.#socket.pause();
  }

  end(): void {
    this.#decoder.end();
  }

  settled(): Promise<void> {
    return this.#lastReply;
  }

  leave(): void {
    this.#conversation.leave();
  }

  #enqueue(handled: Promise<Reply>, bytes: number): void {
    this.#inHand += bytes;
    this.#lastReply = this.#replyAfter(this.#lastReply, handled, bytes).catch(
      (error: unknown) => void this.#socket.destroy(error as Error),
    );
  }

  async #replyAfter(before: Promise<void>, handled: Promise<Reply>, bytes: number): Promise<void> {
    const { to, payload } = await handled;
    await before;
    this.#conversation.reply({ to, payload: Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength) });
    this.#conversation.flush();
    this.#inHand -= bytes;
    if (this.#inHand < MOST_IN_HAND && this.#socket.isPaused() && !this.#socket.writableNeedDrain) this.#socket.resume();
  }
}

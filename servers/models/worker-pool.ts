/**
 * One thread reads and writes sockets, as in event-loop; each message is handled by a pool of threads. Replies of a
 * connection leave in the order of its messages, whichever thread was first.
 *
 *     listening socket ─┐
 *     A ────────────────┼──[ loop ]~~> epoll_wait, in libuv
 *     B ────────────────┘    │  ^
 *                            │  └──── reply to B, sent after those before it
 *                            └──> message of B ──> [ thread 1 ]            handles it
 *                                                  [ thread 2 ]~~> futex   until a message comes
 *
 * Source: half-sync/half-async (Schmidt, Cranor 1996); the pool is piscina.
 * Wins where a message needs so much CPU that the way to another thread and back is small. Loses on cheap messages.
 */
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import { describeError } from '../../errors/sockbench-error.ts';
import type { Reply } from '../app.ts';
import type { Handle } from '../conversation.ts';
import { defineModel } from '../model.ts';
import { listenWithNet } from '../net-server.ts';
import { LocalRoom } from '../rooms/local.ts';
import type { Service } from '../service.ts';

export default defineModel({
  name: 'worker-pool',
  family: 'thread',
  representative: true,
  summary: 'node:net in front, messages handled by a pool of threads',
  source: 'half-sync/half-async; piscina',
  capabilities: { connections: 'many', parallel: true, platforms: 'all' },
  evidence: {
    servedBy: 'one thread',
    receivesIn: 'epoll_wait',
    acceptedBy: 'one',
    acceptsIn: 'epoll_wait',
    handledBy: 'other threads',
  },

  async start(service) {
    const pool = new Piscina({
      filename: fileURLToPath(new URL(`../pool-task${import.meta.url.slice(-3)}`, import.meta.url)),
      workerData: service.spec,
      minThreads: service.workers,
      maxThreads: service.workers,
    });
    // Of one that had nothing to do; of others their messages tell.
    pool.on('error', (error) =>
      process.stderr.write(`a thread of the pool has failed, and is replaced: ${describeError(error)}\n`),
    );
    // One empty message for each thread, so that all have loaded the app: Node 20 aborts when one is ended before that.
    await Promise.all(pool.threads.map(() => pool.run(new Uint8Array())));
    const server = await listenWithNet(service, new LocalRoom(), {
      handlerFor: (socket) => pooled(service, pool, socket),
    });
    return {
      port: server.port,
      async stop() {
        await server.stop();
        await pool.destroy();
      },
    };
  },
});

/** Decodes here, handles there; the conversation keeps the order. */
function pooled(service: Service, pool: Piscina, socket: Socket): Handle {
  return (message, conversation) => {
    const settle = conversation.expect(message.length);
    void (pool.run(Uint8Array.from(message)) as Promise<Reply>).then(
      ({ payload: { buffer, byteOffset, byteLength }, ...rest }) =>
        settle({ ...rest, payload: Buffer.from(buffer, byteOffset, byteLength) }),
      (error: unknown) => {
        if (socket.destroyed) return; // by an earlier message's error, or because the server stops
        service.closings.report(error);
        socket.destroy();
      },
    );
  };
}

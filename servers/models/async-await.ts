/**
 * The loop of event-loop, written as straight lines: each connection is an async function that awaits its next chunk and
 * the room in the kernel's buffers. Node suspends it where a blocking server would sleep.
 *
 *     listening socket ─┐
 *     A ────────────────┼──[ thread ]~~> epoll_wait, in libuv
 *     B ────────────────┘        │
 *                                ├─── serve(A)  suspended: for await (chunk of A)
 *                                └──> serve(B)  B is ready: handles the chunk, writes, awaits more
 *
 * Source: Bendersky, Concurrent Servers, part 6; async iteration over streams in Node.
 * Wins on readability over callbacks. Loses to them by the promises and stream machinery that every chunk goes through.
 */
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { Conversation } from '../conversation.ts';
import { defineModel } from '../model.ts';
import { acceptWithNet, netLine, whenQuiet } from '../net-server.ts';
import { LocalRoom } from '../rooms/local.ts';
import type { Service } from '../service.ts';

export default defineModel({
  name: 'async-await',
  family: 'loop',
  summary: "one thread, node:net's loop, each connection an async function",
  source: "libuv's loop; Bendersky, Concurrent Servers, part 6",
  capabilities: { connections: 'many', parallel: false, platforms: 'all' },
  evidence: { servedBy: 'one thread', receivesIn: 'epoll_wait', acceptedBy: 'one', acceptsIn: 'epoll_wait' },

  start(service) {
    const room = new LocalRoom();
    return acceptWithNet(service, (socket) => {
      const conversation = new Conversation(service, room, netLine(service, socket));
      void converse(service, socket, conversation);
      const heldBack = (): boolean => socket.readableLength > 0 || socket.writableNeedDrain || conversation.held;
      const drain = (): void => whenQuiet(socket, () => conversation.whenSettled(() => socket.end()), heldBack);
      return { conversation, drain };
    });
  },
});

async function converse(service: Service, socket: Socket, conversation: Conversation): Promise<void> {
  socket.on('error', () => {}); // the iterator throws it
  try {
    for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
      conversation.receive(chunk as Buffer);
      if (socket.writableNeedDrain) await once(socket, 'drain');
      if (conversation.held) await new Promise<void>((resolve) => conversation.whenFree(resolve));
    }
    conversation.end();
  } catch (error) {
    if (!socket.destroyed) service.closings.report(error); // it is the message that failed, not the connection
  }
  await new Promise<void>((resolve) => conversation.whenSettled(resolve));
  conversation.leave();
  socket.destroySoon();
}

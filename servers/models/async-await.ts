/**
 * The loop of event-loop, written as straight lines: each connection is an async function that awaits its next chunk and
 * the room in the kernel's buffers. Node suspends it where a blocking server would sleep.
 *
 * Source: Bendersky, Concurrent Servers, part 6; async iteration over streams in Node.
 * Wins on readability over callbacks. Loses to them by the promises and stream machinery that every chunk goes through.
 */
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { describeError } from '../../errors/sockbench-error.ts';
import { Conversation } from '../conversation.ts';
import { defineModel } from '../model.ts';
import { acceptWithNet, socketOutput, whenQuiet } from '../net-server.ts';
import { LocalRoom } from '../rooms/local.ts';
import type { Room } from '../rooms/room.ts';
import type { Service } from '../service.ts';

export default defineModel({
  name: 'async-await',
  family: 'loop',
  summary: "one thread, node:net's loop, each connection an async function",
  source: 'Bendersky, Concurrent Servers, part 6',
  capabilities: { connections: 'many', parallel: false, platforms: 'all' },

  start(service) {
    const room = new LocalRoom();
    return acceptWithNet(service, (socket) => {
      void serve(service, room, socket);
      return () => whenQuiet(socket, () => socket.end());
    });
  },
});

async function serve(service: Service, room: Room, socket: Socket): Promise<void> {
  const conversation = new Conversation(service, room, socketOutput(socket, service.limits.pendingBytes));
  socket.on('error', () => {}); // the iterator throws it
  try {
    for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
      conversation.receive(chunk as Buffer);
      if (socket.writableNeedDrain) await once(socket, 'drain');
    }
    conversation.end();
  } catch (error) {
    process.stderr.write(`connection closed: ${describeError(error)}\n`);
  }
  conversation.leave();
  socket.end();
}

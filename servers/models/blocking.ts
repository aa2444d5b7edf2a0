/**
 * One connection at a time, served to its end: accept, then receive and send in turn, each call sleeping in the kernel
 * until it is done. Later clients are connected by the kernel and wait in the backlog.
 *
 *     listening socket ──[ thread ]~~> recv(A)       until A leaves, then accept(B)
 *         waiting: B, C                              connected by the kernel, served by nobody
 *
 * Source: Stevens, UNIX Network Programming, ch. 30, design 0 (iterative server).
 * Wins on cost per message, for one client. Loses as soon as a second one comes: it waits until the first has left.
 */
import { accept } from '../../posix/socket.ts';
import { serveAll } from '../blocking-connection.ts';
import { startBlockingThreads, type BlockingStart } from '../blocking-threads.ts';
import { defineModel } from '../model.ts';
import { OpenConnections } from '../open-connections.ts';

export default defineModel({
  name: 'blocking',
  family: 'iterative',
  representative: true,
  summary: 'one connection at a time, blocking calls; the others wait in the backlog; a chat is a room of one',
  source: 'UNP ch. 30, design 0',
  capabilities: { connections: 'one', parallel: false, platforms: ['linux'], requires: ['posix'] },
  evidence: { servedBy: 'one thread', receivesIn: 'recv', acceptedBy: 'one', acceptsIn: 'accept' },

  start: (service) => startBlockingThreads(service, 1),

  async member(service, data) {
    const { listener, connections } = data as BlockingStart;
    serveAll(service, () => accept(listener), new OpenConnections(connections));
  },
});

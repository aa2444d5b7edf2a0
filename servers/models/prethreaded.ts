/**
 * N threads, made beforehand, each blocking in accept on the same listening socket; the one that the kernel wakes serves
 * the connection to its end. Client N+1 waits in the backlog until a thread is free.
 *
 *                        ┌──[ thread 1 ]~~> recv(A)      its own until A leaves
 *     listening socket ──┼──[ thread 2 ]~~> accept       the kernel wakes one of those here
 *                        └──[ thread 3 ]~~> accept
 *
 * Source: Stevens, UNIX Network Programming, ch. 30, design 7 (prethreaded, per-thread accept).
 * Wins over a thread per connection by not making threads. Loses when more clients stay than there are threads.
 */
import { accept } from '../../posix/socket.ts';
import { serveAll } from '../blocking-connection.ts';
import { startBlockingThreads, type BlockingStart } from '../blocking-threads.ts';
import { defineModel } from '../model.ts';
import { OpenConnections } from '../open-connections.ts';

export default defineModel({
  name: 'prethreaded',
  family: 'thread',
  summary: 'N threads, each blocking in accept and serving one connection at a time',
  source: 'UNP ch. 30, design 7',
  capabilities: { connections: 'bounded', parallel: true, platforms: ['linux'], requires: ['posix'] },
  evidence: { servedBy: 'N threads', receivesIn: 'recv', acceptedBy: 'each', acceptsIn: 'accept' },

  start: (service) => startBlockingThreads(service, service.workers),

  async member(service, data) {
    const { listener, connections } = data as BlockingStart;
    serveAll(service, () => accept(listener), new OpenConnections(connections));
  },
});

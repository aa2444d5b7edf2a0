/**
 * One thread asks epoll which sockets are ready and serves those. The kernel keeps the list of descriptors and gives back
 * only the ready ones, for as long as they are ready (level-triggered).
 *
 *     listening socket ─┐                            in the kernel: the list of all
 *     A ────────────────┼──[ thread ]~~> epoll_wait
 *     B ────────────────┘        │                   back: the ready ones
 *                                └──> B is ready: recv(B), send(B), then epoll_wait
 *
 * Source: epoll(7), Linux 2.6; Bendersky, Concurrent Servers, part 3.
 * Wins with many connections, idle or active. Loses when a message needs much CPU: all others wait for it.
 */
import { Epoll } from '../../posix/epoll.ts';
import { defineModel } from '../model.ts';
import { serveReady, startLoopThread } from '../loop-thread.ts';

export default defineModel({
  name: 'epoll',
  family: 'loop',
  summary: 'one thread, a readiness loop over epoll, level-triggered',
  source: 'epoll(7)',
  capabilities: { connections: 'many', parallel: false, platforms: ['linux'], requires: ['posix'] },
  evidence: { servedBy: 'one thread', receivesIn: 'epoll_wait', acceptedBy: 'one', acceptsIn: 'epoll_wait' },
  start: startLoopThread,
  member: async (service, data) => serveReady(service, new Epoll(), data),
});

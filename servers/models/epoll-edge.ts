/**
 * As epoll, but the kernel tells once when a socket becomes ready, not for as long as it is (edge-triggered): each is read
 * until it would block.
 *
 *     listening socket ─┐                            in the kernel: the list of all
 *     A ────────────────┼──[ thread ]~~> epoll_wait
 *     B ────────────────┘        │                   back: those that became ready, each once
 *                                └──> B is ready: recv(B), send(B), until recv finds nothing
 *
 * Source: epoll(7), EPOLLET.
 * Wins where much arrives at once: fewer wake-ups. Loses a system call a message where little does: the read that finds nothing.
 */
import { Epoll } from '../../posix/epoll.ts';
import { defineModel } from '../model.ts';
import { serveReady, startLoopThread } from '../loop-thread.ts';

export default defineModel({
  name: 'epoll-edge',
  family: 'loop',
  summary: 'one thread, a readiness loop over epoll, edge-triggered',
  source: 'epoll(7)',
  capabilities: { connections: 'many', parallel: false, platforms: ['linux'], requires: ['posix'] },
  evidence: { servedBy: 'one thread', receivesIn: 'epoll_wait', acceptedBy: 'one', acceptsIn: 'epoll_wait' },
  start: startLoopThread,
  member: async (service, data) => serveReady(service, new Epoll({ edgeTriggered: true }), data),
});

/**
 * One thread asks poll which sockets are ready and serves those. The list of all descriptors goes to the kernel with every
 * call, but it may be of any length.
 *
 *     listening socket ─┐                            to the kernel, each call: the list of all
 *     A ────────────────┼──[ thread ]~~> poll
 *     B ────────────────┘        │                   back: that list, the ready ones marked
 *                                └──> B is ready: recv(B), send(B), then poll
 *
 * Source: Stevens, UNIX Network Programming, ch. 6; System V release 3.
 * Wins over select past 1023 descriptors. Loses to epoll with many connections of which few are active.
 */
import { Poll } from '../../posix/poll.ts';
import { defineModel } from '../model.ts';
import { serveReady, startLoopThread } from '../loop-thread.ts';

export default defineModel({
  name: 'poll',
  family: 'loop',
  summary: 'one thread, a readiness loop over poll',
  source: 'UNP ch. 6; System V',
  capabilities: { connections: 'many', parallel: false, platforms: ['linux'], requires: ['posix'] },
  evidence: { servedBy: 'one thread', receivesIn: 'poll', acceptedBy: 'one', acceptsIn: 'poll' },
  start: startLoopThread,
  member: async (service, data) => serveReady(service, new Poll(), data),
});

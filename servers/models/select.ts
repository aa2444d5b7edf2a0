/**
 * One thread asks select which sockets are ready and serves those. Bit maps of all descriptors go to the kernel and back
 * with every call, and no descriptor may be past 1023: a client beyond that is refused.
 *
 *     listening socket ─┐                            to the kernel, each call: bits of all
 *     A ────────────────┼──[ thread ]~~> select
 *     B ────────────────┘        │                   back: bits of the ready ones
 *                                └──> B is ready: recv(B), send(B), then select
 *
 * Source: Stevens, UNIX Network Programming, ch. 6; 4.2BSD.
 * Wins on portability. Loses with many connections, idle ones included: each costs in every call.
 */
import { Select } from '../../posix/select.ts';
import { defineModel } from '../model.ts';
import { serveReady, startLoopThread } from '../loop-thread.ts';

export default defineModel({
  name: 'select',
  family: 'loop',
  summary: 'one thread, a readiness loop over select',
  source: 'UNP ch. 6; 4.2BSD',
  capabilities: { connections: 'many', parallel: false, platforms: ['linux'], requires: ['posix'] },
  evidence: { servedBy: 'one thread', receivesIn: 'select', acceptedBy: 'one', acceptsIn: 'select' },
  start: startLoopThread,
  member: async (service, data) => serveReady(service, new Select(), data),
});

/**
 * One event loop per process, all waiting on the same listening socket (SCHED_NONE): the primary only makes it and hands
 * it over, and whichever process the kernel wakes accepts.
 *
 *                        ┌──[ process 1 ]~~> epoll_wait, in libuv     serves A, B, D
 *     listening socket ──┼──[ process 2 ]~~> epoll_wait               serves C
 *                        └──[ process 3 ]~~> epoll_wait               was woken too, but too late
 *
 * Source: node:cluster, shared handle; the pre-fork pattern with loops.
 * Wins over cluster by taking connections without a detour. Loses on balance: the process that is awake takes most.
 */
import cluster from 'node:cluster';
import { starterEnvironment } from '../../posix/lifetime.ts';
import { defineModel } from '../model.ts';
import { startPreforked } from '../preforked-processes.ts';
import { memberArguments, memberEntry, serveInProcess } from '../process-group.ts';
import { serveOnLoop } from './event-loop.ts';

export default defineModel({
  name: 'cluster-shared',
  family: 'multi-loop',
  summary: 'one event loop per process, all accepting from one shared listening socket',
  source: 'node:cluster, shared handle',
  capabilities: { connections: 'many', parallel: true, platforms: 'all' },
  evidence: { servedBy: 'N processes', receivesIn: 'epoll_wait', acceptedBy: 'each', acceptsIn: 'epoll_wait' },

  start(service) {
    cluster.schedulingPolicy = cluster.SCHED_NONE;
    cluster.setupPrimary({ exec: memberEntry, args: memberArguments(service, null), serialization: 'advanced' });
    return startPreforked(service, () => cluster.fork(starterEnvironment()));
  },

  member: (service) => serveInProcess(service, (room) => serveOnLoop(service, room)),
});

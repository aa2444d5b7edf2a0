/**
 * One event loop per process. The primary accepts and deals connections out in turn (SCHED_RR); each worker process
 * serves its own with the code of event-loop. Processes share nothing, so a chat goes through the primary.
 *
 *     listening socket ──[ primary ]~~> epoll_wait, in libuv, then accept
 *                             │
 *                             ├──> A, D ──[ process 1 ]~~> epoll_wait
 *                             ├──> B ─────[ process 2 ]~~> epoll_wait
 *                             └──> C ─────[ process 3 ]~~> epoll_wait
 *
 * Source: node:cluster, round robin.
 * Wins where messages need CPU and there are cores for it. Loses on chat, which crosses processes, on memory, and clients who are
 * being handed to a process that dies: they are neither served nor closed, as Node waits for its answer (round_robin_handle.js).
 */
import cluster from 'node:cluster';
import { starterEnvironment } from '../../posix/lifetime.ts';
import { connectionsInProcess } from '../capacity.ts';
import { defineModel } from '../model.ts';
import { startPreforked } from '../preforked-processes.ts';
import { memberArguments, memberEntry, serveInProcess } from '../process-group.ts';
import { Semaphore } from '../semaphore.ts';
import type { Service } from '../service.ts';
import { serveOnLoop } from './event-loop.ts';

export default defineModel({
  name: 'cluster',
  family: 'multi-loop',
  representative: true,
  summary: 'one event loop per process, connections dealt out in turn',
  source: 'node:cluster, round robin',
  capabilities: { connections: 'many', parallel: true, platforms: 'all' },
  evidence: { servedBy: 'N processes', receivesIn: 'epoll_wait', acceptedBy: 'one', acceptsIn: 'epoll_wait' },

  start(service) {
    cluster.schedulingPolicy = cluster.SCHED_RR;
    cluster.setupPrimary({ exec: memberEntry, args: memberArguments(service, null), serialization: 'advanced' });
    return startPreforked(service, () => cluster.fork(starterEnvironment()));
  },

  member(service) {
    const own = withinDescriptors(service);
    return serveInProcess(own, (room) => serveOnLoop(own, room));
  },
});

/**
 * Refuses while there are descriptors left: a connection that comes when there is none is lost on its way, and Node never hands
 * that process another (lib/internal/cluster/round_robin_handle.js waits for an answer that cannot come).
 */
function withinDescriptors(service: Service): Service {
  const places = Math.min(service.limits.connections || Infinity, connectionsInProcess());
  return places === Infinity ? service : { ...service, places: new Semaphore(places) };
}

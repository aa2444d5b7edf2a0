/**
 * One thread puts requests (accept, receive, send) into a ring in memory shared with the kernel and takes their completions
 * from another: it is told not what could be done but what has been. One system call a turn hands all of them over.
 *
 *                      requests: accept, recv(A), send(B)
 *     [ thread ] ──────────────────────────────────────────> ring ──> kernel ──┬── listening socket
 *         ~~> io_uring_enter                                                   ├── A
 *     [ thread ] <────────────────────────────────────────── ring <── kernel ──┴── B
 *                      completions: C came, A's bytes are here, B's are gone
 *
 * Source: io_uring(7), Linux 5.19 and newer.
 * Wins with many busy connections, and the more so the dearer a system call. Loses where few are: each turn does little.
 */
import { CompletionRing } from '../../posix/io-uring.ts';
import { CompletionLoop } from '../completion-loop.ts';
import { startLoopThread } from '../loop-thread.ts';
import { defineModel } from '../model.ts';
import { LocalRoom } from '../rooms/local.ts';

export default defineModel({
  name: 'io-uring',
  family: 'completion',
  representative: true,
  summary: 'one thread, a completion ring in memory shared with the kernel',
  source: 'io_uring(7)',
  capabilities: { connections: 'many', parallel: false, platforms: ['linux'], requires: ['posix', 'io_uring'] },
  evidence: { servedBy: 'one thread', receivesIn: 'io_uring_enter', acceptedBy: 'one', acceptsIn: 'io_uring_enter' },
  start: startLoopThread,
  member: async (service, data) => new CompletionLoop(service, CompletionRing.open(), data as number, new LocalRoom()).run(),
});

/**
 * N processes, made beforehand, each blocking in accept on the listening socket that they inherit; the one that the kernel
 * wakes serves the connection to its end. Client N+1 waits in the backlog.
 *
 *                        ┌──[ process 1 ]~~> recv(A)     its own until A leaves
 *     listening socket ──┼──[ process 2 ]~~> accept      the kernel wakes one of those here
 *                        └──[ process 3 ]~~> accept
 *
 * Source: Stevens, UNIX Network Programming, ch. 30, design 2 (preforked, no locking around accept).
 * Wins where clients must not share a process. Loses when more clients stay than there are processes, and on memory.
 */
import { accept } from '../../posix/socket.ts';
import { blockingMember, startBlockingProcesses } from '../blocking-processes.ts';
import { defineModel } from '../model.ts';

export default defineModel({
  name: 'prefork',
  family: 'process',
  representative: true,
  summary: 'N processes, each blocking in accept and serving one connection at a time',
  source: 'UNP ch. 30, design 2',
  capabilities: { connections: 'bounded', parallel: true, platforms: ['linux'], requires: ['posix'] },
  evidence: { servedBy: 'N processes', receivesIn: 'recv', acceptedBy: 'each', acceptsIn: 'accept' },
  start: (service) => startBlockingProcesses(service),
  member: (service, data) => blockingMember(service, data, (listener) => () => accept(listener)),
});

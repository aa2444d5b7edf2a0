/**
 * As prefork, but a process must hold a mutex in memory that all processes map while it is in accept. An uncontended mutex
 * costs no system call.
 *
 *                        ┌──[ process 1 ]~~> recv(A)
 *     listening socket ──┼──[ process 2 ]~~> accept      holds the mutex until B comes
 *                        └──[ process 3 ]~~> futex       waits for the mutex
 *
 * Source: Stevens, UNIX Network Programming, ch. 30, design 4 (preforked, thread mutex locking around accept).
 * Wins over the file lock by its price. Loses to prefork where the kernel wakes only one process anyway.
 */
import { anonymousFile, SharedMutex } from '../../posix/locks.ts';
import { acceptUnder, blockingMember, startBlockingProcesses } from '../blocking-processes.ts';
import { defineModel } from '../model.ts';

export default defineModel({
  name: 'prefork-mutex',
  family: 'process',
  summary: 'as prefork, with a process-shared mutex around accept',
  source: 'UNP ch. 30, design 4',
  capabilities: { connections: 'bounded', parallel: true, platforms: ['linux'], requires: ['posix'] },
  evidence: { servedBy: 'N processes', receivesIn: 'recv', acceptedBy: 'each', acceptsIn: 'accept', idlesIn: 'futex' },
  start: (service) => {
    const file = anonymousFile('accept-mutex');
    SharedMutex.create(file);
    return startBlockingProcesses(service, file);
  },
  member: (service, data) => blockingMember(service, data, (listener) => acceptUnder(SharedMutex.open(listener + 1), listener)),
});

/**
 * As prefork, but a process must hold a lock on a file while it is in accept, so that one connection wakes one process.
 *
 *                        ┌──[ process 1 ]~~> recv(A)
 *     listening socket ──┼──[ process 2 ]~~> accept      holds the lock until B comes
 *                        └──[ process 3 ]~~> fcntl       waits for the lock
 *
 * Source: Stevens, UNIX Network Programming, ch. 30, design 3 (preforked, file locking around accept).
 * Wins where the kernel wakes everybody for each connection, as kernels once did. Loses the lock's system calls where it doesn't.
 */
import { anonymousFile, FileLock } from '../../posix/locks.ts';
import { acceptUnder, blockingMember, startBlockingProcesses } from '../blocking-processes.ts';
import { defineModel } from '../model.ts';

export default defineModel({
  name: 'prefork-file-lock',
  family: 'process',
  summary: 'as prefork, with a file lock around accept',
  source: 'UNP ch. 30, design 3',
  capabilities: { connections: 'bounded', parallel: true, platforms: ['linux'], requires: ['posix'] },
  evidence: { servedBy: 'N processes', receivesIn: 'recv', acceptedBy: 'each', acceptsIn: 'accept', idlesIn: 'fcntl' },
  start: (service) => startBlockingProcesses(service, anonymousFile('accept-lock')),
  member: (service, data) => blockingMember(service, data, (listener) => acceptUnder(new FileLock(listener + 1), listener)),
});

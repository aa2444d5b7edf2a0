/**
 * A thread of the parent blocks in accept; each connection gets a fresh process, which inherits its descriptor, serves it
 * with blocking calls and ends with it. There are no more processes than the machine bears: clients beyond that wait.
 *
 *     listening socket ──[ acceptor ]~~> accept
 *                             │
 *                             ├──> [ process ]~~> recv(A)     made when A came, ends when A leaves
 *                             └──> [ process ]~~> recv(B)
 *
 * Source: Stevens, UNIX Network Programming, ch. 30, design 1 (one child per client); with spawn, as Node has no fork.
 * Wins where a client must not be able to harm the others, whatever it does. Loses everywhere else: a process of Node costs
 * a tenth of a second of CPU time to make, and on chat every message crosses the parent.
 */
import { close } from '../../posix/socket.ts';
import { acceptAndPost, acceptInThread, type AcceptingStart } from '../accepting-thread.ts';
import { blockingMember } from '../blocking-processes.ts';
import { defineModel } from '../model.ts';
import { ProcessGroup, spawnMember } from '../process-group.ts';

export default defineModel({
  name: 'process-per-connection',
  family: 'process',
  summary: 'one thread accepts, a fresh process serves each connection with blocking calls',
  source: 'UNP ch. 30, design 1',
  capabilities: { connections: 'many', parallel: true, platforms: ['linux'], requires: ['posix'] },
  evidence: { servedBy: 'a process each', receivesIn: 'recv', acceptedBy: 'one', acceptsIn: 'accept' },

  start(service) {
    const group = new ProcessGroup(service);
    return acceptInThread(service, {
      async make(fd) {
        const { serving, gone } = group.add(() => spawnMember(service, [fd]));
        close(fd); // the process has its own, and as long as this one is open the client doesn't see the end
        await serving;
        return { ended: gone };
      },
      stop: () => group.stop(),
    });
  },

  async member(service, data) {
    const start = data as AcceptingStart | object;
    if ('seats' in start) acceptAndPost(start);
    else await blockingMember(service, data, once);
  },
});

/** Gives one connection, the inherited one. */
function once(inherited: number): () => number | undefined {
  const rest = [inherited];
  return () => rest.pop();
}

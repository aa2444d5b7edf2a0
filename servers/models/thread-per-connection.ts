/**
 * One thread accepts; each connection gets a fresh thread, which blocks in receive and send until the client leaves and
 * then ends. There are no more threads than the machine bears: clients beyond that wait in the backlog.
 *
 *     listening socket ──[ acceptor ]~~> accept
 *                             │
 *                             ├──> [ thread ]~~> recv(A)     made when A came, ends when A leaves
 *                             └──> [ thread ]~~> recv(B)
 *
 * Source: Stevens, UNIX Network Programming, ch. 30, design 6.
 * Wins on simplicity: every connection is a straight line of code. Loses on many or short connections, since a thread with
 * its JavaScript engine costs tens of milliseconds to make and ten megabytes to keep.
 */
import { acceptAndPost, acceptInThread, type AcceptingStart } from '../accepting-thread.ts';
import { serveConnection } from '../blocking-connection.ts';
import { stopServing } from '../blocking-threads.ts';
import { capacity } from '../capacity.ts';
import { close } from '../../posix/socket.ts';
import { defineModel } from '../model.ts';
import { OpenConnections } from '../open-connections.ts';
import { startThread } from '../threads.ts';

interface ServingStart {
  fd: number;
  connections: OpenConnections['shared'];
}

export default defineModel({
  name: 'thread-per-connection',
  family: 'thread',
  summary: 'one thread accepts, a fresh thread serves each connection with blocking calls',
  source: 'UNP ch. 30, design 6',
  capabilities: { connections: 'many', parallel: true, platforms: ['linux'], requires: ['posix'] },
  evidence: { servedBy: 'a thread each', receivesIn: 'recv', acceptedBy: 'one', acceptsIn: 'accept' },

  start(service) {
    const connections = new OpenConnections(capacity().engines);
    return acceptInThread(service, {
      async make(fd) {
        const start: ServingStart = { fd, connections: connections.shared };
        try {
          const { started, exited } = startThread(service, start);
          await started;
          return { ended: exited };
        } catch (error) {
          close(fd); // nobody has taken it over
          throw error;
        }
      },
      stop: (ended) => stopServing(service, connections, ended),
    });
  },

  async member(service, data) {
    const start = data as AcceptingStart | ServingStart;
    if ('fd' in start) serveConnection(service, start.fd, new OpenConnections(start.connections));
    else acceptAndPost(start);
  },
});

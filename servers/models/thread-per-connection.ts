/**
 * One thread accepts; each connection gets a fresh thread, which blocks in receive and send until the client leaves and
 * then ends. The kernel's scheduler does what a loop does by hand.
 *
 *     listening socket ──[ acceptor ]~~> accept
 *                             │
 *                             ├──> [ thread ]~~> recv(A)     made when A came, ends when A leaves
 *                             └──> [ thread ]~~> recv(B)
 *
 * Source: Stevens, UNIX Network Programming, ch. 30, design 6.
 * Wins on simplicity: every connection is a straight line of code. Loses on many or short connections, since a thread with
 * its JavaScript engine costs milliseconds to make and megabytes to keep.
 */
import { parentPort } from 'node:worker_threads';
import { serveConnection } from '../blocking-connection.ts';
import { stopBlocking } from '../blocking-threads.ts';
import { accept, close, listen, localPort } from '../../posix/socket.ts';
import { defineModel } from '../model.ts';
import { OpenConnections } from '../open-connections.ts';
import { startThread, type MemberThread } from '../threads.ts';

/** More than any machine can make threads. */
const MOST_CONNECTIONS = 4096;

type Start = { accept: number } | { serve: number; connections: OpenConnections['shared'] };

export default defineModel({
  name: 'thread-per-connection',
  family: 'thread',
  summary: 'one thread accepts, a fresh thread serves each connection with blocking calls',
  source: 'UNP ch. 30, design 6',
  capabilities: { connections: 'many', parallel: true, platforms: ['linux'], requires: ['posix'] },
  evidence: { servedBy: 'a thread each', receivesIn: 'recv', acceptedBy: 'one', acceptsIn: 'accept' },

  async start(service) {
    const listener = listen(service, service.backlog);
    const connections = new OpenConnections(MOST_CONNECTIONS);
    const threads = new Set<MemberThread>();
    const run = (start: Start): MemberThread => {
      const thread = startThread(service, start);
      threads.add(thread);
      void thread.exited.finally(() => threads.delete(thread));
      return thread;
    };
    const acceptor = run({ accept: listener });
    let stopping = false;
    acceptor.worker.on('message', (fd: number | 'started') => {
      if (typeof fd !== 'number') return;
      if (stopping) close(fd);
      else run({ serve: fd, connections: connections.shared });
    });
    await acceptor.started;
    return {
      port: localPort(listener),
      stop() {
        stopping = true;
        return stopBlocking(service, listener, connections, threads);
      },
    };
  },

  async member(service, data) {
    const start = data as Start;
    if ('serve' in start) serveConnection(service, start.serve, new OpenConnections(start.connections));
    else for (let fd = accept(start.accept); fd !== undefined; fd = accept(start.accept)) parentPort!.postMessage(fd);
  },
});

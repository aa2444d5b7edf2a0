/**
 * One epoll loop per thread, each with a listening socket of its own on the same port (SO_REUSEPORT): the kernel deals
 * connections out by a hash of their addresses. Loops share nothing and post chat messages to each other.
 *
 *             ┌──> listening socket 1 ──[ thread 1 ]~~> epoll_wait     serves A, D
 *     port ───┼──> listening socket 2 ──[ thread 2 ]~~> epoll_wait     serves B
 *       hash  └──> listening socket 3 ──[ thread 3 ]~~> epoll_wait     serves C
 *
 * Source: SO_REUSEPORT, Linux 3.9; the thread-per-core design of Seastar.
 * Wins on several cores: no lock, no hand-over. Loses when few connections hash to the same thread, and on one core.
 */
import { close, listen, localPort, reservePort, shutdown, SHUT_RDWR } from '../../posix/socket.ts';
import { runLoop, startLoops, type LoopStart } from '../loop-threads.ts';
import { connectThreads } from '../mailbox.ts';
import { defineModel } from '../model.ts';

export default defineModel({
  name: 'reuseport-threads',
  family: 'multi-loop',
  summary: 'one epoll loop per thread, each with its own listening socket on the port',
  source: 'SO_REUSEPORT; Seastar',
  capabilities: { connections: 'many', parallel: true, platforms: ['linux'], requires: ['posix'] },
  evidence: {
    servedBy: 'N threads',
    receivesIn: 'epoll_wait',
    acceptedBy: 'each',
    acceptsFrom: 'a listening socket each',
    acceptsIn: 'epoll_wait',
  },

  async start(service) {
    const reserved = reservePort(service);
    const address = { host: service.host, port: localPort(reserved) };
    const lines = connectThreads(service.workers);
    const listeners = lines.map(() => listen(address, service.backlog, { nonBlocking: true, reusePort: true }));
    const loops = startLoops(service, lines, listeners);
    await loops.started;
    return {
      port: address.port,
      async stop() {
        for (const listener of listeners) shutdown(listener, SHUT_RDWR);
        await loops.ended();
        for (const fd of [reserved, ...listeners]) close(fd);
      },
    };
  },

  async member(service, data) {
    runLoop(service, data as LoopStart);
  },
});

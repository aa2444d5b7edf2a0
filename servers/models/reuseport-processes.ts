/**
 * One event loop per process, each with a listening socket of its own on the same port (SO_REUSEPORT): the kernel deals
 * connections out by a hash of their addresses, and nobody hands anything to anybody.
 *
 *             ┌──> listening socket 1 ──[ process 1 ]~~> epoll_wait   serves A, D
 *     port ───┼──> listening socket 2 ──[ process 2 ]~~> epoll_wait   serves B
 *       hash  └──> listening socket 3 ──[ process 3 ]~~> epoll_wait   serves C
 *
 * Source: SO_REUSEPORT, Linux 3.9; nginx's `reuseport`.
 * Wins with many short connections on several cores. Loses when few connections hash to the same process.
 */
import { fork } from 'node:child_process';
import { close, listen, localPort, reservePort } from '../../posix/socket.ts';
import { starterEnvironment } from '../../posix/lifetime.ts';
import { defineModel } from '../model.ts';
import { startPreforked } from '../preforked-processes.ts';
import { memberArguments, memberEntry, serveInProcess } from '../process-group.ts';
import { serveOnLoop } from './event-loop.ts';

export default defineModel({
  name: 'reuseport-processes',
  family: 'multi-loop',
  summary: 'one event loop per process, each with its own listening socket on the port',
  source: 'SO_REUSEPORT; nginx',
  capabilities: { connections: 'many', parallel: true, platforms: ['linux'], requires: ['posix'] },
  evidence: {
    servedBy: 'N processes',
    receivesIn: 'epoll_wait',
    acceptedBy: 'each',
    acceptsFrom: 'a listening socket each',
    acceptsIn: 'epoll_wait',
  },

  async start(service) {
    const reserved = reservePort(service); // it never listens, so it gets no connections
    const args = memberArguments(service, localPort(reserved));
    const env = { ...process.env, ...starterEnvironment() };
    const server = await startPreforked(service, () => fork(memberEntry, args, { env, serialization: 'advanced' }));
    return {
      port: server.port,
      async stop() {
        await server.stop();
        close(reserved);
      },
    };
  },

  member: (service, data) =>
    serveInProcess(service, async (room) => {
      const port = data as number;
      const fd = listen({ host: service.host, port }, service.backlog, { nonBlocking: true, reusePort: true });
      return { ...(await serveOnLoop(service, room, fd)), port };
    }),
});

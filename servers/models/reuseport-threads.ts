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
import { Epoll } from '../../posix/epoll.ts';
import { close, listen, localPort, reservePort, shutdown, SHUT_RDWR } from '../../posix/socket.ts';
import { connectThreads, Mailbox, type Lines } from '../mailbox.ts';
import { defineModel } from '../model.ts';
import { ReadinessLoop } from '../readiness-loop.ts';
import { RelayRoom } from '../rooms/relay.ts';
import { startThread } from '../threads.ts';

interface Start {
  listener: number;
  lines: Lines;
}

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
    const threads = connectThreads(service.workers).map((lines) => {
      const listener = listen(address, service.backlog, { nonBlocking: true, reusePort: true });
      const start: Start = { listener, lines };
      const ports = lines.peers.map(({ port }) => port);
      return { listener, wake: lines.own, ...startThread(service, start, ports) };
    });
    await Promise.all(threads.map(({ started }) => started));
    return {
      port: address.port,
      async stop() {
        for (const { listener } of threads) shutdown(listener, SHUT_RDWR);
        await Promise.all(threads.map(({ exited }) => exited));
        for (const fd of [reserved, ...threads.flatMap(({ listener, wake }) => [listener, wake])]) close(fd);
      },
    };
  },

  async member(service, data) {
    const { listener, lines } = data as Start;
    const mailbox = new Mailbox<Uint8Array[]>(lines);
    const room = new RelayRoom((payloads) => mailbox.postToAll(payloads));
    const loop = new ReadinessLoop(service, new Epoll(), listener, room);
    loop.watch(mailbox.descriptor, () => mailbox.collect((payloads) => room.receive(payloads)));
    loop.run();
    mailbox.close();
  },
});

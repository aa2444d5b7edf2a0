/**
 * One thread blocks in accept and deals connections out in turn to N threads, each of which serves its own with an epoll
 * loop. Loops share nothing and post chat messages to each other.
 *
 *                                                   ┌──> [ thread 1 ]~~> epoll_wait     serves A, D
 *     listening socket ──[ acceptor ]~~> accept ────┼──> [ thread 2 ]~~> epoll_wait     serves B
 *                                        in turn    └──> [ thread 3 ]~~> epoll_wait     serves C
 *
 * Source: Doug Lea, Scalable IO in Java, multiple reactors; Netty's boss and worker groups.
 * Wins on several cores where connections stay: every loop gets as many. Loses on short connections, by the hand-over.
 */
import type { MessagePort } from 'node:worker_threads';
import { accept, close, listen, localPort, shutdown, SHUT_RDWR } from '../../posix/socket.ts';
import { runLoop, startLoops, type Letter, type LoopStart } from '../loop-threads.ts';
import { connectThreads, peerOf, post, type Peer } from '../mailbox.ts';
import { defineModel } from '../model.ts';
import { startThread } from '../threads.ts';

interface AcceptingStart {
  acceptFrom: number;
  loops: Peer[];
}

export default defineModel({
  name: 'reactor-threads',
  family: 'multi-loop',
  summary: 'one thread accepts and deals connections out to N threads, each with an epoll loop',
  source: 'Doug Lea, Scalable IO in Java',
  capabilities: { connections: 'many', parallel: true, platforms: ['linux'], requires: ['posix'] },
  evidence: { servedBy: 'N threads', receivesIn: 'epoll_wait', acceptedBy: 'one', acceptsIn: 'accept', idlesIn: 'epoll_wait' },

  async start(service) {
    const listener = listen(service, service.backlog);
    const lines = connectThreads(service.workers);
    const peers = lines.map(peerOf);
    const loops = startLoops(service, lines);
    const start: AcceptingStart = { acceptFrom: listener, loops: peers };
    const acceptor = startThread(
      service,
      start,
      peers.map(({ port }): MessagePort => port),
    );
    await Promise.all([acceptor.started, loops.started]);
    return {
      port: localPort(listener),
      async stop() {
        shutdown(listener, SHUT_RDWR);
        await Promise.all([acceptor.exited, loops.ended()]);
        close(listener);
      },
    };
  },

  async member(service, data) {
    const start = data as AcceptingStart | LoopStart;
    if ('lines' in start) runLoop(service, start);
    else dealOut(start);
  },
});

function dealOut({ acceptFrom, loops }: AcceptingStart): void {
  let turn = 0;
  for (let fd = next(); fd !== undefined; fd = next()) {
    post({ connection: fd } satisfies Letter, loops[turn]!);
    turn = (turn + 1) % loops.length;
  }
  for (const loop of loops) {
    post('drain' satisfies Letter, loop);
    loop.port.close();
  }

  function next(): number | undefined {
    return accept(acceptFrom, { nonBlocking: true });
  }
}

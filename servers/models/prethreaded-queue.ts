/**
 * One thread blocks in accept and puts connections into a queue in shared memory; N threads, made beforehand, sleep on
 * the queue (a futex) and serve one connection each to its end.
 *
 *     listening socket ──[ acceptor ]~~> accept
 *                             │
 *                             └──> queue ──┬──> [ thread 1 ]~~> recv(A)
 *                                          ├──> [ thread 2 ]~~> recv(B)
 *                                          └──> [ thread 3 ]~~> futex     until one is there
 *
 * Source: Stevens, UNIX Network Programming, ch. 30, design 8 (prethreaded, main thread accepts).
 * Wins where accept must be one thread's affair. Loses to prethreaded by the hand-over, and like it when clients stay.
 */
import { serveAll } from '../blocking-connection.ts';
import { stopBlocking } from '../blocking-threads.ts';
import { accept, listen, localPort } from '../../posix/socket.ts';
import { DescriptorQueue } from '../descriptor-queue.ts';
import { defineModel } from '../model.ts';
import { OpenConnections } from '../open-connections.ts';
import { startThread } from '../threads.ts';

/** Accepted connections that may wait for a thread; the others wait in the backlog. */
const QUEUE_LENGTH = 64;

type Start = { queue: DescriptorQueue['shared'] } & (
  | { listener: number; takers: number }
  | { connections: OpenConnections['shared'] }
);

export default defineModel({
  name: 'prethreaded-queue',
  family: 'thread',
  summary: 'one thread accepts, a queue hands connections to N threads',
  source: 'UNP ch. 30, design 8',
  capabilities: { connections: 'bounded', parallel: true, platforms: ['linux'], requires: ['posix'] },
  evidence: { servedBy: 'N threads', receivesIn: 'recv', acceptedBy: 'one', acceptsIn: 'accept', idlesIn: 'futex' },

  async start(service) {
    const listener = listen(service, service.backlog);
    const connections = new OpenConnections(service.workers);
    const queue = new DescriptorQueue(QUEUE_LENGTH).shared;
    const starts: Start[] = [
      { queue, listener, takers: service.workers },
      ...Array.from({ length: service.workers }, () => ({ queue, connections: connections.shared })),
    ];
    const threads = starts.map((start) => startThread(service, start));
    await Promise.all(threads.map(({ started }) => started));
    return { port: localPort(listener), stop: () => stopBlocking(service, listener, connections, threads) };
  },

  async member(service, data) {
    const start = data as Start;
    const queue = new DescriptorQueue(start.queue);
    if ('listener' in start) {
      for (let fd = accept(start.listener); fd !== undefined; fd = accept(start.listener)) queue.put(fd);
      queue.end(start.takers);
    } else {
      serveAll(service, () => queue.take(), new OpenConnections(start.connections));
    }
  },
});

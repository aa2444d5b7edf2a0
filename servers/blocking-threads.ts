import { close, listen, localPort, shutdown, SHUT_RDWR } from '../posix/socket.ts';
import type { RunningServer } from './model.ts';
import { OpenConnections } from './open-connections.ts';
import type { Service } from './service.ts';
import { startThread, type MemberThread } from './threads.ts';

/** What a thread that blocks in calls is given. */
export interface BlockingStart {
  listener: number;
  connections: OpenConnections['shared'];
}

/** A blocking listening socket and so many threads that run the model's `member` with it. */
export async function startBlockingThreads(service: Service, threads: number): Promise<RunningServer> {
  const listener = listen(service, service.backlog);
  const connections = new OpenConnections(threads);
  const start: BlockingStart = { listener, connections: connections.shared };
  const members = Array.from({ length: threads }, () => startThread(service, start));
  await Promise.all(members.map(({ started }) => started));
  return { port: localPort(listener), stop: () => stopBlocking(service, listener, connections, members) };
}

/** Wakes threads that sleep in accept, and stops serving. */
export async function stopBlocking(
  service: Service,
  listener: number,
  connections: OpenConnections,
  members: Iterable<MemberThread>,
): Promise<void> {
  shutdown(listener, SHUT_RDWR);
  await stopServing(service, connections, Promise.all(Array.from(members, ({ exited }) => exited)));
  close(listener);
}

/** Wakes threads that sleep in recv or send; what has arrived is still answered. Resolves when they have `ended`. */
export async function stopServing(service: Service, connections: OpenConnections, ended: Promise<unknown>): Promise<void> {
  connections.drain();
  const deadline = setTimeout(() => connections.hurry(), service.limits.drainMs);
  await ended;
  clearTimeout(deadline);
}

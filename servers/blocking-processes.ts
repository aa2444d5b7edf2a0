import { parentPort } from 'node:worker_threads';
import { FrameBatch } from '../framing/frame-batch.ts';
import type { ProcessLock } from '../posix/locks.ts';
import { accept, close, listen, localPort, shutdown, SHUT_RDWR } from '../posix/socket.ts';
import { serveAll } from './blocking-connection.ts';
import { stopServing } from './blocking-threads.ts';
import type { RunningServer } from './model.ts';
import { OpenConnections } from './open-connections.ts';
import { startPreforked } from './preforked-processes.ts';
import { FIRST_INHERITED, serveInProcess, spawnMember } from './process-group.ts';
import { ForwardingRoom } from './rooms/forwarding.ts';
import type { RelayRoom } from './rooms/relay.ts';
import type { Service } from './service.ts';
import { startThread } from './threads.ts';

/** What the thread that blocks in a process is given. */
interface ServingStart {
  connections: OpenConnections['shared'];
}

/**
 * `service.workers` processes that block in accept on one listening socket, which they inherit.
 * @param lockFile a descriptor that they inherit too, for models that guard accept
 */
export async function startBlockingProcesses(service: Service, lockFile?: number): Promise<RunningServer> {
  const listener = listen(service, service.backlog);
  const inherited = lockFile === undefined ? [listener] : [listener, lockFile];
  const server = await startPreforked(service, () => spawnMember(service, inherited));
  return {
    port: localPort(listener),
    async stop() {
      shutdown(listener, SHUT_RDWR); // accept returns in every process
      await server.stop();
      for (const fd of inherited) close(fd);
    },
  };
}

/** Takes connections from a listening socket that processes share, one process at a time. */
export const acceptUnder = (lock: ProcessLock, listener: number) => (): number | undefined => {
  lock.lock();
  const fd = accept(listener);
  lock.unlock();
  return fd;
};

/**
 * A model's `member` in such a process, called twice: in the main thread, which keeps control and relays chat, and in the
 * thread that blocks. The process ends when there are no more connections for that one, or when it is told to.
 * @param connectionsFrom given the first inherited descriptor, what waits for the next connection; undefined at the end
 */
export async function blockingMember(
  service: Service,
  data: unknown,
  connectionsFrom: (inherited: number) => () => number | undefined,
): Promise<void> {
  if (parentPort === null) return serveInProcess(service, (room, over) => startServing(service, room, over));
  const connections = new OpenConnections((data as ServingStart).connections);
  const room = new ForwardingRoom(service, connections, (payloads) => parentPort!.postMessage(payloads));
  serveAll(service, connectionsFrom(FIRST_INHERITED), connections, room);
}

async function startServing(service: Service, room: RelayRoom, over: () => void): Promise<RunningServer> {
  const connections = new OpenConnections(1);
  const thread = startThread(service, { connections: connections.shared } satisfies ServingStart);
  const batch = new FrameBatch(service.framing);
  room.join({
    deliver: (payload) => batch.add(payload),
    flush() {
      service.closings.count('unread', connections.sendToAll(batch.peek()));
      batch.clear();
    },
  });
  thread.worker.on('message', (payloads: Uint8Array[] | 'started') => {
    if (payloads !== 'started') room.forward(payloads);
  });
  await thread.started;
  void thread.exited.then(over);
  return { port: service.port, stop: () => stopServing(service, connections, thread.exited) };
}

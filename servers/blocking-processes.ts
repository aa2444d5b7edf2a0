import { spawn } from 'node:child_process';
import { parentPort } from 'node:worker_threads';
import { FrameBatch } from '../framing/frame-batch.ts';
import { accept, close, listen, localPort, shutdown, SHUT_RDWR } from '../posix/socket.ts';
import type { ProcessLock } from '../posix/locks.ts';
import { acceptAndServe } from './blocking-connection.ts';
import { stopBlocking, type BlockingStart } from './blocking-threads.ts';
import { starterEnvironment } from './lifetime.ts';
import { memberArguments, memberEntry, serveInProcess, startLoopProcesses } from './loop-processes.ts';
import type { RunningServer } from './model.ts';
import { OpenConnections } from './open-connections.ts';
import { ForwardingRoom } from './rooms/forwarding.ts';
import type { RelayRoom } from './rooms/relay.ts';
import type { Service } from './service.ts';
import { startThread } from './threads.ts';

/** Where a process finds what it has inherited: after standard streams and the IPC channel. */
const FIRST_INHERITED = 4;

/**
 * `service.workers` processes that block in accept on one listening socket, which they inherit.
 * @param lockFile a descriptor that they inherit too, for models that guard accept
 */
export async function startBlockingProcesses(service: Service, lockFile?: number): Promise<RunningServer> {
  const listener = listen(service, service.backlog);
  const inherited = lockFile === undefined ? [listener] : [listener, lockFile];
  const args = [memberEntry, ...memberArguments(service, localPort(listener))];
  const env = { ...process.env, ...starterEnvironment() };
  const server = await startLoopProcesses(service, () =>
    spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit', 'ipc', ...inherited], env, serialization: 'advanced' }),
  );
  return {
    port: server.port,
    async stop() {
      shutdown(listener, SHUT_RDWR); // accept returns in every process
      await server.stop();
      for (const fd of inherited) close(fd);
    },
  };
}

/**
 * A model's `member` in such a process, called twice: in the main thread, which keeps control and relays chat, and in the
 * thread that blocks.
 */
export async function blockingMember(service: Service, data: unknown, lockOn?: (fd: number) => ProcessLock): Promise<void> {
  if (parentPort === null) return serveInProcess(service, (room) => startServingThread(service, data as number, room));
  const { listener, connections: shared } = data as BlockingStart;
  const connections = new OpenConnections(shared);
  const lock = lockOn?.(listener + 1);
  acceptAndServe(
    service,
    listener,
    connections,
    new ForwardingRoom(service, connections, (payloads) => parentPort!.postMessage(payloads)),
    () => {
      lock?.lock();
      const fd = accept(listener);
      lock?.unlock();
      return fd;
    },
  );
}

async function startServingThread(service: Service, port: number, room: RelayRoom): Promise<RunningServer> {
  const connections = new OpenConnections(1);
  const thread = startThread(service, { listener: FIRST_INHERITED, connections: connections.shared } satisfies BlockingStart);
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
  return { port, stop: () => stopBlocking(service, FIRST_INHERITED, connections, [thread]) };
}

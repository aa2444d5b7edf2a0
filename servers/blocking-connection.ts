import { describeError } from '../errors/sockbench-error.ts';
import { accept, close, receive, sendAll, setOption, setSendTimeout, shutdown, SHUT_RDWR } from '../posix/socket.ts';
import { Conversation } from './conversation.ts';
import type { OpenConnections } from './open-connections.ts';
import { SharedMemoryRoom } from './rooms/shared-memory.ts';
import type { Room } from './rooms/room.ts';
import type { Service } from './service.ts';

/** How long a room waits for a member whose buffers in the kernel are full. */
const ROOM_PATIENCE_MS = 100;

const buffer = Buffer.allocUnsafeSlow(1 << 16);

/** Takes connections, by default from the listening socket, and serves each to its end, until there are no more. */
export function acceptAndServe(
  service: Service,
  listener: number,
  connections: OpenConnections,
  room: Room = new SharedMemoryRoom(service, connections),
  next: () => number | undefined = () => accept(listener),
): void {
  for (let fd = next(); fd !== undefined; fd = next()) serveConnection(service, fd, connections, room);
}

/** Serves one connection to its end with blocking calls, and closes it. A failure ends this connection only. */
export function serveConnection(
  service: Service,
  fd: number,
  connections: OpenConnections,
  room: Room = new SharedMemoryRoom(service, connections),
): void {
  const slot = connections.enter(fd);
  if (slot === undefined) {
    close(fd); // as many as there may be are open
    return;
  }
  try {
    setOption(fd, 'TCP_NODELAY', 1);
    setSendTimeout(fd, ROOM_PATIENCE_MS);
    const conversation = new Conversation(service, room, (batch) => {
      if (sendAll(fd, batch.peek()) < 0) shutdown(fd, SHUT_RDWR); // the client is gone, or doesn't read: the next receive says so
      batch.clear();
    });
    for (let received = receive(fd, buffer); received > 0; received = receive(fd, buffer)) {
      conversation.receive(buffer.subarray(0, received));
    }
    conversation.end();
  } catch (error) {
    process.stderr.write(`connection closed: ${describeError(error)}\n`);
  }
  connections.leave(slot, fd);
  close(fd);
}

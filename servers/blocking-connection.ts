import { close, receive, sendAll, setOption, shutdown, SHUT_RDWR } from '../posix/socket.ts';
import { Conversation, type Line } from './conversation.ts';
import type { OpenConnections } from './open-connections.ts';
import { SharedMemoryRoom } from './rooms/shared-memory.ts';
import type { Room } from './rooms/room.ts';
import type { Service } from './service.ts';

const buffer = Buffer.allocUnsafeSlow(1 << 16);

/** Serves connections, each to its end, until `next` gives no more. */
export function serveAll(
  service: Service,
  next: () => number | undefined,
  connections: OpenConnections,
  room: Room = new SharedMemoryRoom(service, connections),
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
    service.closings.count('refused'); // as many as there may be are open
    close(fd);
    return;
  }
  const line: Line = {
    output(batch) {
      if (sendAll(fd, batch.peek()) < 0) shutdown(fd, SHUT_RDWR); // the client is gone: the next receive says so
      batch.clear();
    },
    after(delayMs, then) {
      connections.sleep(delayMs);
      then();
    },
  };
  try {
    setOption(fd, 'TCP_NODELAY', 1);
    const conversation = new Conversation(service, room, line);
    for (let received = receive(fd, buffer); received > 0; received = receive(fd, buffer)) {
      conversation.receive(buffer.subarray(0, received));
    }
    conversation.end();
  } catch (error) {
    service.closings.report(error);
  }
  connections.leave(slot, fd);
  close(fd);
}

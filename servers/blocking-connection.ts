import { limitReceiving, limitSending } from '../posix/socket-timeouts.ts';
import { close, receive, sendAll, setOption, shutdown, SHUT_RDWR, wouldBlock } from '../posix/socket.ts';
import { admit } from './admission.ts';
import type { Reason } from './closings.ts';
import { Conversation, type Line } from './conversation.ts';
import type { OpenConnections } from './open-connections.ts';
import { lookEveryMs } from './patience.ts';
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
  for (let fd = next(); fd !== undefined; fd = next()) {
    if (admit(service)) {
      serveConnection(service, fd, connections, room);
      service.places.release();
    } else {
      close(fd);
    }
  }
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
  const { limits, closings } = service;
  const lookMs = lookEveryMs(limits);
  let exceeded: Reason | undefined;
  const line: Line = {
    output(batch) {
      const failure = sendAll(fd, batch.peek());
      if (wouldBlock(failure)) exceeded = 'unread';
      else if (failure < 0) shutdown(fd, SHUT_RDWR); // the client is gone: the next receive says so
      batch.clear();
    },
    after(delayMs, then) {
      connections.sleep(delayMs);
      then();
    },
  };
  try {
    setOption(fd, 'TCP_NODELAY', 1);
    if (lookMs < Infinity) limitReceiving(fd, lookMs);
    if (limits.idleMs > 0) limitSending(fd, limits.idleMs);
    const conversation = new Conversation(service, room, line);
    while (exceeded === undefined) {
      const received = receive(fd, buffer);
      if (received > 0) conversation.receive(buffer.subarray(0, received));
      else if (!wouldBlock(received)) break;
      // Who sends whole messages keeps nobody waiting: no need to look at the clock.
      if (received < 0 || conversation.midFrame) exceeded ??= conversation.overdue(performance.now());
    }
    if (exceeded === undefined) conversation.end();
    else closings.count(exceeded);
  } catch (error) {
    closings.report(error);
  }
  connections.leave(slot, fd);
  close(fd);
}

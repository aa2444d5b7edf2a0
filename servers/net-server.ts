import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { RunningServer } from './model.ts';
import { admit } from './admission.ts';
import { Conversation, type Handle, type Line } from './conversation.ts';
import { closeOverdue, lookEveryMs } from './patience.ts';
import type { Room } from './rooms/room.ts';
import type { Service } from './service.ts';

/**
 * Listens with node:net, which reads, writes and accepts, and holds a conversation on each connection. Throws EADDRINUSE,
 * EACCES and the like.
 * @param handlerFor what is done with a client's messages, where the app does not run here
 */
export function listenWithNet(
  service: Service,
  room: Room,
  { listener, handlerFor }: { listener?: number; handlerFor?: (socket: Socket) => Handle } = {},
): Promise<RunningServer> {
  const serve = (socket: Socket): Served => {
    const conversation = new Conversation(service, room, netLine(service, socket), handlerFor?.(socket));
    return { conversation, drain: attach(service, socket, conversation) };
  };
  return acceptWithNet(service, serve, listener);
}

/** A connection that is served. */
interface Served {
  conversation: Conversation;
  /** Ends it once all that was sent has been answered. */
  drain(): void;
}

/**
 * Listens with node:net. `serve` begins with a connection.
 * @param listener descriptor of a socket that listens already; otherwise one is made for the service's address
 */
export async function acceptWithNet(
  service: Service,
  serve: (socket: Socket) => Served,
  listener?: number,
): Promise<RunningServer> {
  const connections = new Map<Socket, Served>();
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    if (!admit(service)) {
      socket.destroy();
      return;
    }
    connections.set(socket, serve(socket));
    socket.once('close', () => {
      connections.delete(socket);
      service.places.release();
    });
  });
  await listening(server, service, listener);
  const watch = watchOver(service, connections);
  return {
    port: (server.address() as AddressInfo | null)?.port ?? service.port,
    async stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const connection of connections.values()) connection.drain();
      const deadline = setTimeout(() => {
        for (const socket of connections.keys()) socket.destroy();
      }, service.limits.drainMs);
      await closed;
      clearTimeout(deadline);
      clearInterval(watch);
    },
  };
}

/** Closes connections whose clients exceed a limit of time. */
function watchOver(service: Service, connections: ReadonlyMap<Socket, Served>): NodeJS.Timeout | undefined {
  const periodMs = lookEveryMs(service.limits);
  if (periodMs === Infinity) return undefined;
  const look = (): void => {
    const watched = Array.from(connections, ([socket, { conversation }]) => ({
      socket,
      conversation,
      unsentBytes: socket.writableLength,
      closed: socket.destroyed,
    }));
    closeOverdue(service, watched, ({ socket }) => socket.destroy());
  };
  return setInterval(() => setImmediate(look), periodMs); // what has arrived meanwhile is read before anybody is blamed
}

/** Connects socket events to the conversation. Returns what ends the connection once all that was sent has been answered. */
function attach(service: Service, socket: Socket, conversation: Conversation): () => void {
  const drain = (): void => {
    socket.pause();
    conversation.whenSettled(() => {
      socket.end();
      socket.resume(); // to see the client's end
    });
  };
  const resume = (): void => {
    if (!conversation.held && !socket.writableNeedDrain) socket.resume();
  };
  const guarded = (step: () => void): void => {
    try {
      step();
    } catch (error) {
      // A client that breaks the framing loses this connection; the others don't notice.
      service.closings.report(error);
      socket.removeAllListeners('data');
      socket.pause();
      conversation.whenSettled(() => socket.destroySoon());
    }
  };
  socket.on('data', (chunk: Buffer) => {
    guarded(() => conversation.receive(chunk));
    if (!conversation.held) return;
    socket.pause();
    conversation.whenFree(resume);
  });
  socket.once('end', () =>
    guarded(() => {
      conversation.end();
      drain();
    }),
  );
  socket.on('drain', resume);
  socket.on('error', () => socket.destroy()); // reset by the client
  socket.once('close', () => conversation.leave());
  return () => whenQuiet(socket, drain);
}

/** How long until a socket is looked at again from which reading is held back: its client may read more slowly than it writes. */
const LOOK_AGAIN_MS = 10;

/**
 * Calls back after a turn of the loop without data: everything that had arrived has been received.
 * @param heldBack whether data may wait that is not read at the moment
 */
export function whenQuiet(socket: Socket, then: () => void, heldBack = (): boolean => socket.isPaused()): void {
  const before = socket.bytesRead;
  const again = (): void => whenQuiet(socket, then, heldBack);
  const check = (): void => {
    if (socket.destroyed) return;
    if (heldBack()) setTimeout(again, LOOK_AGAIN_MS);
    else if (socket.bytesRead === before) then();
    else again();
  };
  setImmediate(() => setImmediate(check)); // the first one may belong to the turn that is under way
}

/** Replies through a socket: reading stops while the client doesn't read, and a member who never reads is dropped. */
export function netLine({ limits, closings }: Service, socket: Socket): Line {
  return {
    output(batch) {
      const flowing = socket.writable ? socket.write(batch.peek()) : true;
      if (socket.writableLength === 0) {
        batch.clear();
        return;
      }
      batch.take(); // node:net still reads that memory
      if (!flowing) socket.pause();
      if (socket.writableLength <= limits.pendingBytes || socket.destroyed) return;
      closings.count('unread');
      socket.destroy();
    },
    after: (delayMs, then) => void setTimeout(then, Math.ceil(delayMs)),
  };
}

function listening(server: Server, { host, port, backlog }: Service, listener?: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(listener === undefined ? { host, port, backlog } : { fd: listener }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { describeError } from '../errors/sockbench-error.ts';
import type { RunningServer } from './model.ts';
import type { Output } from './conversation.ts';
import type { Service } from './service.ts';

/** What a model does with one connection of a node:net server; node:net itself reads, writes and accepts. */
export interface ConnectionHandler {
  receive(chunk: Buffer): void;
  /** The client has sent everything. Throws if it stopped inside a frame. */
  end(): void;
  /** Resolves when every reply to what was received has been written. */
  settled?(): Promise<void>;
  leave(): void;
}

/** Listens with node:net and hands each connection to `handlerFor`. Throws EADDRINUSE, EACCES and the like. */
export function listenWithNet(
  service: Service,
  handlerFor: (socket: Socket) => ConnectionHandler,
  listener?: number,
): Promise<RunningServer> {
  return acceptWithNet(service, (socket) => attach(socket, handlerFor(socket)), listener);
}

/**
 * Listens with node:net. `serve` begins with a connection and returns what ends it once all that was sent has been answered.
 * @param listener descriptor of a socket that listens already; otherwise one is made for the service's address
 */
export async function acceptWithNet(
  service: Service,
  serve: (socket: Socket) => () => void,
  listener?: number,
): Promise<RunningServer> {
  const drains = new Map<Socket, () => void>();
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    drains.set(socket, serve(socket));
    socket.once('close', () => drains.delete(socket));
  });
  await listening(server, service, listener);
  return {
    port: (server.address() as AddressInfo | null)?.port ?? service.port,
    async stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const drain of drains.values()) drain();
      const deadline = setTimeout(() => {
        for (const socket of drains.keys()) socket.destroy();
      }, service.limits.drainMs);
      await closed;
      clearTimeout(deadline);
    },
  };
}

/** Connects socket events to the handler. Returns what ends the connection once all that was sent has been answered. */
function attach(socket: Socket, handler: ConnectionHandler): () => void {
  const drain = (): void => {
    socket.pause();
    const settled = handler.settled?.() ?? Promise.resolve();
    void settled.then(() => {
      socket.end();
      socket.resume(); // to see the client's end
    });
  };
  const guarded = (step: () => void): void => {
    try {
      step();
    } catch (error) {
      // A client that breaks the framing loses this connection; the others don't notice.
      process.stderr.write(`connection closed: ${describeError(error)}\n`);
      socket.removeAllListeners('data');
      drain();
    }
  };
  socket.on('data', (chunk: Buffer) => guarded(() => handler.receive(chunk)));
  socket.once('end', () =>
    guarded(() => {
      handler.end();
      drain();
    }),
  );
  socket.on('drain', () => socket.resume());
  socket.on('error', () => socket.destroy()); // reset by the client
  socket.once('close', () => handler.leave());
  return () => whenQuiet(socket, drain);
}

/** Calls back after a turn of the loop without data: everything that had arrived has been received. */
export function whenQuiet(socket: Socket, then: () => void): void {
  if (socket.isPaused()) {
    socket.once('resume', () => whenQuiet(socket, then));
    return;
  }
  const before = socket.bytesRead;
  const check = (): void => (socket.bytesRead === before && !socket.isPaused() ? then() : whenQuiet(socket, then));
  setImmediate(() => setImmediate(check)); // the first one may belong to the turn that is under way
}

/** Replies through a socket: reading stops while the client doesn't read, and a member who never reads is dropped. */
export function socketOutput(socket: Socket, pendingBytes: number): Output {
  return (batch) => {
    const flowing = socket.writable ? socket.write(batch.peek()) : true;
    if (socket.writableLength === 0) {
      batch.clear();
      return;
    }
    batch.take(); // node:net still reads that memory
    if (!flowing) socket.pause();
    if (socket.writableLength > pendingBytes) socket.destroy();
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

import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { byName, encode, type FramingOptions } from '../../framing/framing.ts';

/** A request, and the connection on which it came. */
export interface Asked {
  /** The frame of the request, which is also that of the right reply. */
  frame: Buffer;
  /** How many came before it, on this connection and on all. */
  index: number;
  overall: number;
  socket: Socket;
  /** How many connections came before this one. */
  connection: number;
}

/** A server in this process that treats each request as a test says. */
export interface Target {
  /** "HOST:PORT" */
  address: string;
  host: string;
  port: number;
  /** Requests of each connection so far. */
  requests: number[];
  /** Stops listening before the test is over. */
  close: () => Promise<void>;
}

interface Settings extends FramingOptions {
  framing?: string;
  /** Keeps its side of a connection open when the other has ended. */
  allowHalfOpen?: boolean;
}

/** Listens until the test is over. */
export async function listenFor(
  answer: (asked: Asked) => void,
  { framing: name = 'line', allowHalfOpen = false, ...options }: Settings = {},
): Promise<Target> {
  const framing = byName(name, options);
  const requests: number[] = [];
  const sockets = new Set<Socket>();
  let overall = 0;
  const server = createServer({ noDelay: true, allowHalfOpen }, (socket) => {
    const connection = requests.push(0) - 1;
    sockets.add(socket);
    const decoder = framing.decoder((payload) => {
      const index = requests[connection]!;
      requests[connection] = index + 1;
      answer({ frame: encode(framing, payload), index, overall, socket, connection });
      overall += 1;
    });
    socket.on('data', (chunk) => decoder.push(chunk));
    socket.on('error', () => {}); // the load generator may leave while something is on its way
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    if (server.listening) await once(server.close(), 'close');
  };
  onTestFinished(close);
  const { port } = server.address() as { port: number };
  return { address: `127.0.0.1:${port}`, host: '127.0.0.1', port, requests, close };
}

export const echo = ({ socket, frame }: Asked): void => void socket.write(frame);

/** Sends the first bytes of the right reply, then ends the connection with a TCP reset. */
export const halfThenReset = ({ socket, frame }: Asked): void =>
  void socket.write(frame.subarray(0, 10), () => socket.resetAndDestroy());

/** Answers those who connected first, and nobody else. */
export const echoToFirst = (asked: Asked): void => {
  if (asked.connection === 0) echo(asked);
};

/** Takes its time, so that the load generator has CPU time left, however fast the machine is. */
export const unhurried =
  (answer: (asked: Asked) => void) =>
  (asked: Asked): void =>
    void setTimeout(answer, 5, asked);

/** Without how long the load generator's own engine paused, which is a matter of how much else the machine has to do. */
export const withoutPauses = <Warning extends { code: string }>(warnings: readonly Warning[]): Warning[] =>
  warnings.filter(({ code }) => code !== 'gc-pauses');

/** Answers as told where the request is that one of all, and rightly everywhere else. */
export function echoBut(overall: number, answer: (asked: Asked) => void): (asked: Asked) => void {
  return (asked) => (asked.overall === overall ? answer : echo)(asked);
}

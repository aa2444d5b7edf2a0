/** Runs over connections that stay from one to the next. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import type { LoadOptions } from '../../loadgen/options.ts';
import type { StandingAnswer, StandingRequest } from '../../loadgen/standing.ts';
import type { LoadResult } from '../../loadgen/result.ts';
import { transports } from '../../loadgen/transport.ts';

const entry = fileURLToPath(new URL('../../dist/loadgen/standing.js', import.meta.url));
const CONNECTIONS = 4;
/** Time for a reply, whatever else this machine does. */
const ENOUGH_MS = 1000;
/** Time in which nothing has to come. */
const BRIEF_MS = 100;

/** An echo that remembers its connections. */
async function echoServer(serve: (socket: Socket) => void): Promise<{ server: Server; sockets: Socket[]; port: number }> {
  const sockets: Socket[] = [];
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.push(socket.on('error', () => {}));
    serve(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { server, sockets, port: (server.address() as AddressInfo).port };
}

/** A load generator process that waits for requests. */
function standing(): {
  measure: (port: number, options: Partial<LoadOptions>) => Promise<LoadResult>;
  ask: (request: StandingRequest) => Promise<StandingAnswer>;
} {
  const child = spawn(process.execPath, [entry], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const ask = async (request: StandingRequest): Promise<StandingAnswer> => {
    child.send(request);
    const [answer] = (await once(child, 'message')) as [StandingAnswer];
    return answer;
  };
  const measure = async (port: number, options: Partial<LoadOptions>): Promise<LoadResult> => {
    const answer = await ask({ server: { host: '127.0.0.1', port }, options });
    if (!('result' in answer)) throw new Error(JSON.stringify(answer));
    return answer.result;
  };
  return { measure, ask };
}

const available = (await transports.all()).filter((transport) => transport.unavailable() === undefined);

test.each(available.map(({ name }) => name))(
  '%s: closed and open loops follow each other over the same connections',
  async (transport) => {
    const { port, sockets } = await echoServer((socket) => socket.pipe(socket));
    const { measure } = standing();
    const shape = { transport, connections: CONNECTIONS, warmupMs: 0 };
    for (const options of [
      { workload: 'echo', durationMs: ENOUGH_MS },
      { workload: 'rate', rate: 500, amount: 50 },
      { workload: 'fragments', amount: 50 },
      { workload: 'rate', rate: 500, durationMs: ENOUGH_MS },
      { workload: 'echo', amount: 50 },
    ]) {
      const result = await measure(port, { ...shape, ...options });
      expect(result.messages).toBeGreaterThan(0);
      expect(result.connections).toEqual({ opened: CONNECTIONS, served: CONNECTIONS });
      expect(Object.values(result.errors)).toEqual([0, 0, 0, 0, 0]);
      expect(result.failures).toEqual({});
      expect(result.unanswered).toBe(0);
    }
    expect(sockets).toHaveLength(CONNECTIONS);
  },
);

test.each(available.map(({ name }) => name))(
  '%s: a connection that owes a reply is replaced before the next run',
  async (transport) => {
    let answering = false;
    const { port, sockets } = await echoServer((socket) =>
      socket.on('data', (chunk) => (answering ? socket.write(chunk) : undefined)),
    );
    const { measure } = standing();
    const shape = { transport, workload: 'echo', connections: CONNECTIONS, warmupMs: 0 };
    expect(await measure(port, { ...shape, durationMs: BRIEF_MS })).toMatchObject({ messages: 0, unanswered: CONNECTIONS });
    answering = true;
    const second = await measure(port, { ...shape, amount: 50 });
    expect(second).toMatchObject({ messages: 50, unanswered: 0, errors: { foreign: 0, duplicated: 0, corrupt: 0, missing: 0 } });
    expect(sockets).toHaveLength(2 * CONNECTIONS);
  },
);

test.each(available.map(({ name }) => name))('%s: a connection that reads no more is replaced, too', async (transport) => {
  const { port, sockets } = await echoServer((socket) => socket.pipe(socket));
  const { measure } = standing();
  const shape = { transport, connections: CONNECTIONS, warmupMs: 0 };
  await measure(port, { ...shape, workload: 'slow-reader', active: 2, durationMs: BRIEF_MS });
  const second = await measure(port, { ...shape, workload: 'echo', amount: 50 });
  expect(second).toMatchObject({ unanswered: 0, failures: {}, connections: { opened: CONNECTIONS, served: CONNECTIONS } });
  expect(sockets).toHaveLength(CONNECTIONS + 2);
});

test.each(available.map(({ name }) => name))(
  '%s: two servers are loaded in turn, each over its own connections',
  async (transport) => {
    const [one, other] = [await echoServer((socket) => socket.pipe(socket)), await echoServer((socket) => socket.pipe(socket))];
    const { measure } = standing();
    for (const { port } of [one, other, other, one]) {
      const result = await measure(port, { transport, workload: 'echo', connections: CONNECTIONS, amount: 50 });
      expect(result.messages).toBe(50);
    }
    expect([one.sockets.length, other.sockets.length]).toEqual([CONNECTIONS, CONNECTIONS]);
  },
);

test.each(available.map(({ name }) => name))(
  '%s: told to leave, it closes its connections, and opens new ones',
  async (transport) => {
    const { port, sockets } = await echoServer((socket) => socket.pipe(socket));
    const { measure, ask } = standing();
    const options = { transport, workload: 'echo', connections: CONNECTIONS, amount: 50 };
    await measure(port, options);
    const closed = sockets.map((socket) => once(socket, 'close'));
    expect(await ask('leave')).toEqual({ left: true });
    await Promise.all(closed);
    expect(await measure(port, options)).toMatchObject({ messages: 50, failures: {} });
    expect(sockets).toHaveLength(2 * CONNECTIONS);
  },
);

test('it ends when whoever started it lets go of it', async () => {
  const child = spawn(process.execPath, [entry], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const exited = once(child, 'exit');
  child.disconnect();
  expect(await exited).toEqual([0, null]);
});

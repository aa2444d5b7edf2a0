/** `sockbench load` against servers whose behaviour is known. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { parseLoadResult } from '../../bench/result.ts';
import type { LoadResult } from '../../loadgen/result.ts';
import { transports } from '../../loadgen/transport.ts';
import { allGone, SockbenchCommand } from './sockbench-command.ts';

const scratch = mkdtempSync(join(tmpdir(), 'sockbench-load-'));
afterAll(() => rmSync(scratch, { recursive: true }));
const serverEntry = fileURLToPath(new URL('../../dist/servers/main.js', import.meta.url));

/** Lends the address of a server that does `serve` with each connection. */
async function withServer<T>(serve: (socket: Socket) => void, use: (address: string) => Promise<T>): Promise<T> {
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    serve(socket);
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  return use(`127.0.0.1:${port}`).finally(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
}

/** Answers each line as `reply` says, which gets the line's number on its connection. */
const answeringLines =
  (reply: (line: string, number: number) => string) =>
  (socket: Socket): void => {
    let rest = '';
    let number = 0;
    socket.setEncoding('latin1').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop()!;
      socket.write(lines.map((line) => reply(line, (number += 1))).join(''), 'latin1');
    });
  };

async function measure(...args: string[]): Promise<{ result: LoadResult; code: number | string; stderr: string }> {
  const { code, stdout, stderr } = await SockbenchCommand.run('load', '--json', ...args);
  return { result: parseLoadResult(JSON.parse(stdout)), code, stderr };
}

describe.concurrent.each((await transports.all()).filter((each) => each.unavailable() === undefined))(
  'over $name, a load',
  ({ name }) => {
    const options = ['--transport', name, '-c', '3', '-p', '4', '-a', '300'];

    test('of an honest echo finds exactly the asked amount of right replies', async () => {
      const { result, code, stderr } = await withServer(
        (socket) => socket.pipe(socket),
        (address) => measure(...options, address),
      );
      expect(code).toBe(0);
      expect(stderr).toBe('');
      expect(result).toMatchObject({ messages: 300, unanswered: 0, failures: {}, connections: { opened: 3, served: 3 } });
      expect(Object.values(result.errors)).toEqual([0, 0, 0, 0, 0]);
      expect(result.latencyNs).toMatchObject({ count: 300, p999: null, lowerBounds: [] });
    });

    test.each([['1'], ['70000'], [String(1 << 20)]])('finds replies of %s bytes right, whole', async (size) => {
      const { result, code } = await withServer(
        (socket) => socket.pipe(socket),
        (address) => measure('--transport', name, '-f', 'length', '-s', size, '-a', '12', '-c', '2', address),
      );
      expect(code).toBe(0);
      expect(result.messages).toBe(12);
    });

    test.each([
      ['corrupt', (line: string, number: number) => `${number === 5 ? `${line.slice(0, -1)}\x7f` : line}\n`],
      ['duplicated', (line: string, number: number) => (number === 5 ? `${line}\n${line}\n` : `${line}\n`)],
      ['missing', (line: string, number: number) => (number === 5 ? '' : `${line}\n`)],
      ['foreign', (line: string, number: number) => (number === 5 ? `${line.slice(0, 6)}ooooo${line.slice(11)}\n` : `${line}\n`)],
    ] as const)('calls a %s reply by its name, and exits with 1', async (kind, reply) => {
      const { result, code } = await withServer(answeringLines(reply), (address) => measure(...options, address));
      expect(result.errors[kind]).toBeGreaterThan(0);
      expect(code).toBe(1);
    });

    test('tells two swapped replies from lost ones', async () => {
      let held = '';
      const swap = (line: string, number: number): string => {
        if (number === 5) held = `${line}\n`;
        return number === 5 ? '' : number === 6 ? `${line}\n${held}` : `${line}\n`;
      };
      const { result, code } = await withServer(answeringLines(swap), (address) =>
        measure('--transport', name, '-c', '1', '-p', '4', '-a', '100', address),
      );
      expect(result.errors).toMatchObject({ reordered: 1, missing: 0, corrupt: 0 });
      expect(code).toBe(1);
    });

    test('puts replies together that arrive byte by byte', async () => {
      const { result, code } = await withServer(
        (socket) => socket.on('data', (chunk) => chunk.forEach((byte) => socket.write(Buffer.of(byte)))),
        (address) => measure('--transport', name, '-c', '2', '-a', '20', address),
      );
      expect(code).toBe(0);
      expect(result.messages).toBe(20);
    });

    test('enters requests that are never answered as lower bounds', async () => {
      let first: Socket | undefined;
      const { result } = await withServer(
        (socket) => {
          first ??= socket;
          if (socket === first) socket.pipe(socket);
        },
        (address) => measure('--transport', name, '-c', '4', '-d', '200ms', address),
      );
      expect(result.connections).toEqual({ opened: 4, served: 1 });
      expect(result.unanswered).toBe(3);
      expect(result.latencyNs.lowerBounds).toContain('max');
      expect(result.warnings.map(({ code }) => code)).toContain('connections-unserved');
    });

    test('counts connections that break', async () => {
      const { result } = await withServer(
        (socket) => socket.once('data', () => socket.resetAndDestroy()),
        (address) => measure('--transport', name, '-c', '2', '-d', '100ms', address),
      );
      expect(result.failures['ECONNRESET']).toBeGreaterThan(0);
      expect(result.messages).toBe(0);
    });

    test('connects anew after so many messages', async () => {
      const { result } = await withServer(
        (socket) => socket.pipe(socket),
        (address) => measure('--transport', name, '-c', '2', '-a', '40', '--messages-per-connection', '5', address),
      );
      expect(result).toMatchObject({ messages: 40, connections: { opened: 8, served: 8 } });
    });

    test('splits its connections among its threads without losing one', async () => {
      const { result } = await withServer(
        (socket) => socket.pipe(socket),
        (address) => measure('--transport', name, '-c', '5', '-w', '2', '-a', '101', address),
      );
      expect(result).toMatchObject({ messages: 101, connections: { opened: 5, served: 5 } });
    });

    test('of nobody exits with 2 and says so', async () => {
      const address = await withServer(
        () => {},
        async (used) => used,
      );
      const { code, stdout, stderr } = await SockbenchCommand.run('load', '--transport', name, address);
      expect(stderr).toContain('ECONNREFUSED');
      expect(stdout).toBe('');
      expect(code).toBe(2);
    });
  },
);

function script(file: string, text: string): string {
  const path = join(scratch, file);
  writeFileSync(path, text);
  return path;
}

describe.concurrent('load -- COMMAND', () => {
  test('finds the port of a server that says nothing, and stops it', async (context) => {
    if (process.platform !== 'linux') context.skip('finding a port needs /proc');
    const silent = script('silent.cjs', "require('net').createServer((s) => s.pipe(s)).listen(0, '127.0.0.1')");
    const command = new SockbenchCommand('load', '--json', '-a', '100', '--', process.execPath, silent);
    await command.running('silent.cjs');
    const below = command.below();
    expect(await command.exited, command.stderr).toBe(0);
    await allGone(below);
    const result = parseLoadResult(JSON.parse(command.stdout));
    expect(result.messages).toBe(100);
    expect(result.server?.processes).toBe(1);
  });

  test('says how the server died, with its last words', async () => {
    const dying = script('dying.cjs', "console.error('no such database'); process.exit(3)");
    const { code, stderr } = await SockbenchCommand.run('load', '--', process.execPath, dying);
    expect(stderr).toContain('ended with exit code 3');
    expect(stderr).toContain('no such database');
    expect(code).toBe(2);
  });

  test('prints what it has at Ctrl-C, and leaves no process', async () => {
    const command = new SockbenchCommand('load', '--json', '-d', '5m', '--', process.execPath, serverEntry);
    await command.running('servers/main.js');
    const below = command.below();
    command.child.kill('SIGINT');
    expect(await command.exited, command.stderr).toBe(130);
    await allGone(below);
    expect(parseLoadResult(JSON.parse(command.stdout)).interrupted).toBe(true);
  });
});

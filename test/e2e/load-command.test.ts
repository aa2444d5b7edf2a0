/** `sockbench load -- COMMAND`: the server is started, found, measured, and gone afterwards. */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { eventually } from './eventually.ts';
import { LoadProcess, serverEntry } from './load-process.ts';
import { isGone, processTree, withoutProc, type ProcessIdentity } from './process-tree.ts';

const node = process.execPath;
const ourServer = [node, serverEntry];
const silentNodeServer = [node, '-e', `net.createServer((socket) => socket.pipe(socket)).listen(0, '127.0.0.1')`];
const pythonServer = `
import socketserver
class Echo(socketserver.BaseRequestHandler):
    def handle(self):
        while data := self.request.recv(65536):
            self.request.sendall(data)
class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
Server(("127.0.0.1", 0), Echo).serve_forever()
`;

/** Why the port of a server that doesn't say it can't be found here. */
const unfindable = withoutProc;

/** The processes that this one has started, once there are any. */
async function startedBy(load: LoadProcess): Promise<ProcessIdentity[]> {
  let below: ProcessIdentity[] = [];
  await eventually('the server is started', () => {
    below = processTree(load.pid).slice(1);
    return below.length > 0;
  });
  return below;
}

describe('a load with a command', () => {
  test.for([
    ['sockbench itself', ourServer, undefined],
    ['a node server that prints nothing', silentNodeServer, unfindable],
    ['a python server that prints nothing', ['python3', '-c', pythonServer], unfindable ?? withoutPython()],
  ] as const)('starts %s, finds where it listens and measures it', async ([, command, obstacle], context) => {
    if (obstacle !== undefined) context.skip(obstacle);
    const { code, result, stderr } = await LoadProcess.cli('--json', '-c', 3, '-a', 60, '--', ...command).result();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(result).toMatchObject({ messages: 60, failures: {}, connections: { opened: 3, served: 3 } });
    expect(result.options).toMatchObject({ command, target: { host: '127.0.0.1' } });
    expect(result.server?.processes).toBe(withoutProc === undefined ? 1 : undefined);
  });

  test('leaves no server behind', async (context) => {
    if (unfindable !== undefined) context.skip(unfindable);
    const lifeline = await newLifeline();
    const script = `${lifeline.script}; net.createServer((socket) => socket.pipe(socket)).listen(0, '127.0.0.1')`;
    expect(await LoadProcess.cli('-a', 20, '--', node, '-e', script).ended).toMatchObject({ code: 0 });
    await lifeline.cut();
  });

  test('says that the server ended before it listened, with the last that it said', async () => {
    const script = `for (let line = 1; line <= 30; line += 1) console.error('line', line); process.exitCode = 3`;
    const { code, stdout, stderr } = await LoadProcess.cli('--', node, '-e', script).ended;
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('expected it to serve, it ended with exit code 3');
    const said = stderr.split('\n').filter((line) => line.startsWith('line'));
    expect(said).toEqual(Array.from({ length: 12 }, (_, index) => `line ${19 + index}`));
    const programmatic = await LoadProcess.main({ command: [node, '-e', script] }).ended;
    expect(programmatic.code).toBe(2);
    expect(programmatic.stderr).toMatch(/^E_SERVER_DIED: /);
  });

  test('says that the program is not there', async () => {
    const { code, stderr } = await LoadProcess.cli('--', '/nowhere/server').ended;
    expect(code).toBe(2);
    expect(stderr).toContain('/nowhere/server');
    expect(stderr).toMatch(/No such file|ENOENT/);
  });

  test('stops waiting for a server that does not listen, and stops it', async () => {
    const lifeline = await newLifeline();
    const { code, stderr } = await LoadProcess.main({ command: [node, '-e', lifeline.script], readyTimeoutMs: 1000 }).ended;
    expect(code).toBe(2);
    expect(stderr).toMatch(/^E_SERVER_NOT_READY: .*expected it to listen within 1000 ms/);
    await lifeline.cut();
  });

  test('ends at once, saying why, when the server dies while it is measured', async (context) => {
    if (unfindable !== undefined) context.skip(unfindable);
    const mortal = `
      let chunks = 0;
      net.createServer((socket) => socket.on('data', (chunk) => {
        chunks += 1;
        if (chunks < 50) socket.write(chunk);
        else { console.error('out of memory'); process.exit(7); }
      })).listen(0, '127.0.0.1');
    `;
    const { code, stdout, stderr } = await LoadProcess.cli('-c', 1, '-d', '10m', '--', node, '-e', mortal).ended;
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('expected it to serve, it ended with exit code 7\nout of memory');
  });
});

describe('a load that is interrupted', () => {
  test('stops the server that it started', async (context) => {
    if (withoutProc !== undefined) context.skip(withoutProc);
    const load = LoadProcess.cli('--json', '-d', '10m', '--warmup', '0', '--', ...ourServer);
    const servers = await startedBy(load);
    load.signal('SIGINT');
    const { code, result } = await load.result();
    expect(code).toBe(130);
    expect(result.interrupted).toBe(true);
    expect(servers.every(isGone)).toBe(true);
  });

  test('takes the server with it when it is killed', async (context) => {
    if (withoutProc !== undefined) context.skip(withoutProc);
    const load = LoadProcess.cli('-d', '10m', '--', ...ourServer);
    const servers = await startedBy(load);
    load.signal('SIGKILL');
    expect(await load.ended).toMatchObject({ signal: 'SIGKILL' });
    await eventually('the server is gone', () => servers.every(isGone));
  });
});

/** A connection to this process that a started one opens with `script`: it is cut when that one ends. */
async function newLifeline(): Promise<{ script: string; cut: () => Promise<void> }> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket.resume());
    socket.once('error', () => {}).once('close', () => open.delete(socket));
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  return {
    script: `net.connect(${(server.address() as AddressInfo).port}, '127.0.0.1')`,
    cut: () => eventually('the started process has ended', () => open.size === 0),
  };
}

function withoutPython(): string | undefined {
  return spawnSync('python3', ['--version']).status === 0 ? undefined : 'there is no python3 here';
}

/** What goes wrong around a run: the disk, the port, the clocks. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseRunResult } from '../../bench/result.ts';
import { sampleRun } from '../unit/bench/sample-run.ts';
import { SockbenchCommand } from './sockbench-command.ts';

const compiled = (path: string): string => fileURLToPath(new URL(`../../dist/${path}`, import.meta.url));

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sockbench-faults-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('a disk that has no room for the results', () => {
  /** Files in blocks of 512 bytes, as POSIX has it; more than a part of a run would fill. */
  const FULL_AT = 4;

  test('leaves what was there before, nothing half-written, and says so', () => {
    const file = join(folder, 'run.json');
    writeFileSync(file, JSON.stringify(sampleRun));
    const out = join(folder, 'results');
    const report = ['exec "$0" "$@"', process.execPath, compiled('bench/cli.js'), 'report', file, '--out', out];
    expect(spawnSync('sh', ['-c', ...report]).status).toBe(0);
    const before = contents(out);
    const { status, stderr } = spawnSync('sh', ['-c', `ulimit -f ${FULL_AT}; ${report[0]}`, ...report.slice(1)], {
      encoding: 'utf8',
    });
    expect(stderr).toMatch(/^sockbench: expected to write .*latest\.json: EFBIG/);
    expect(status).toBe(2);
    expect(contents(out)).toEqual(before);
  });

  test.skipIf(process.platform !== 'linux')('is named where a device stands in its place, which stays what it is', () => {
    const file = join(folder, 'run.json');
    writeFileSync(file, JSON.stringify(sampleRun));
    const command = [compiled('bench/cli.js'), 'report', file, '--html', '/dev/full'];
    const { status, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining('expected to write /dev/full: ENOSPC') });
  });
});

/** By path, what is in each file below. */
function contents(below: string): Map<string, string> {
  const files = readdirSync(below, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(files.map(({ parentPath, name }) => [join(parentPath, name), readFileSync(join(parentPath, name), 'utf8')]));
}

test('a server whose port is taken between choice and bind is started again with another', async () => {
  const server = join(folder, 'server.mjs');
  writeFileSync(
    server,
    `import { createServer } from 'node:net';
     import { existsSync, writeFileSync } from 'node:fs';
     const [port] = process.argv.slice(2);
     const listen = () => createServer((socket) => socket.pipe(socket)).listen(port, '127.0.0.1');
     listen();
     if (!existsSync('${folder}/started')) listen(); // the second is too late
     writeFileSync('${folder}/started', '');`,
  );
  const what = [
    '--models',
    'event-loop',
    '--no-references',
    '--workloads',
    'connections',
    '--server',
    `mine=node ${server} {port}`,
  ];
  const { stderr } = await SockbenchCommand.run('run', ...what, '--trials', '1', '--duration', '50ms', '--out', folder);
  const { cells } = parseRunResult(JSON.parse(readFileSync(join(folder, 'latest.json'), 'utf8')), 'latest.json');
  expect(
    cells.filter(({ model }) => model === 'mine').map(({ trials }) => trials[0]!.state),
    stderr,
  ).toContain('measured');
});

describe('a suspension of the machine', () => {
  /** A time namespace in which the clock that goes on while the machine is suspended is ahead by so much: time_namespaces(7). */
  const SUSPENDED_S = 100;
  const unshare = ['unshare', '--user', '--map-root-user', '--time', '--boottime', String(SUSPENDED_S)];
  const obstacle =
    spawnSync(unshare[0]!, [...unshare.slice(1), 'true']).status === 0 ? undefined : 'needs unshare(1) and time namespaces';

  test('is what the clock that goes on is ahead of the one that stands still', (context) => {
    if (obstacle !== undefined) context.skip(obstacle);
    const script = `import { suspendedNs } from '${compiled('posix/suspension.js')}'; console.log(suspendedNs() / 1e9)`;
    const ask = [process.execPath, '--input-type=module', '-e', script];
    const tell = ([program, ...args]: string[]): number => Number(execFileSync(program!, args, { encoding: 'utf8' }));
    expect(tell([...unshare, ...ask]) - tell(ask)).toBeCloseTo(SUSPENDED_S, 1);
  });
});

/** What goes wrong around a run: the disk, the port, the clocks. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Loss } from '../../bench/result.ts';
import { workloads } from '../../loadgen/workload.ts';
import { sampleRun } from '../unit/bench/sample-run.ts';

const compiled = (path: string): string => fileURLToPath(new URL(`../../dist/${path}`, import.meta.url));

// What starts processes finds their entries beside itself.
const { loseWorker } = (await import(compiled('bench/lost-worker.js'))) as typeof import('../../bench/lost-worker.ts');
const { runTrial } = (await import(compiled('bench/runner.js'))) as typeof import('../../bench/runner.ts');
const { chooseSubjects, commandSubject, isModel } = (await import(
  compiled('bench/subjects.js')
)) as typeof import('../../bench/subjects.ts');

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sockbench-faults-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('a disk that has no room for the results', () => {
  test('leaves what was there before, nothing half-written, and is named', () => {
    const out = join(folder, 'results');
    mkdirSync(join(out, 'runs'), { recursive: true });
    writeFileSync(join(out, 'latest.json'), 'precious');
    // Files of at most 2 KiB: a part of a run would fit.
    const limited = ['-c', 'ulimit -f 4; exec "$0" "$@"', process.execPath, ...report('--out', out)];
    const { status, stderr } = spawnSync('sh', limited, { encoding: 'utf8' });
    expect(stderr).toMatch(/^sockbench: expected to write .*latest\.json: EFBIG/);
    expect(status).toBe(2);
    expect(readdirSync(out, { encoding: 'utf8' }).toSorted((a, b) => a.localeCompare(b))).toEqual(['latest.json', 'runs']);
    expect(readFileSync(join(out, 'latest.json'), 'utf8')).toBe('precious');
  });

  test.skipIf(process.platform !== 'linux')('is named where it is a device, which stays what it is', () => {
    const { status, stderr } = spawnSync(process.execPath, report('--html', '/dev/full'), { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining('expected to write /dev/full: ENOSPC') });
  });
});

/** Arguments of a report on a run. */
function report(...options: string[]): string[] {
  const file = join(folder, 'run.json');
  writeFileSync(file, JSON.stringify(sampleRun));
  return [compiled('bench/cli.js'), 'report', file, ...options];
}

test('a server whose port is taken between choice and bind is started again with another', async () => {
  const server = join(folder, 'server.mjs');
  writeFileSync(
    server,
    `import { createServer } from 'node:net';
     import { existsSync, writeFileSync } from 'node:fs';
     const listen = () => createServer((socket) => socket.pipe(socket)).listen(process.argv[2], '127.0.0.1');
     listen();
     if (!existsSync('${folder}/started')) listen(); // the second is too late
     writeFileSync('${folder}/started', '');`,
  );
  const subject = commandSubject(`mine=node ${server} {port}`);
  const cell = { title: 'mine', subject, workload: await workloads.load('echo'), knobs: { connections: 1 } };
  const settings = { framing: 'length', durationMs: 1000, warmupMs: 0, amount: 10 };
  expect(await runTrial(cell, settings, new AbortController().signal)).toMatchObject({ state: 'measured' });
});

describe('a server one of whose processes is killed', () => {
  const lossOf = async (model: string): Promise<Loss> =>
    loseWorker((await chooseSubjects({ models: [model], references: false })).find(isModel)!);

  test('loses all its clients where there is no other', async () => {
    const loss = { connections: 8, servedOn: 0, lost: 8, servedAgain: 0, processes: { before: 1, after: 0 } };
    expect(await lossOf('event-loop')).toEqual({ model: 'event-loop', state: 'measured', ...loss });
  });

  test('loses those of that process, serves the others on, and those who come again', async () => {
    const loss = await lossOf('cluster');
    if (loss.state !== 'measured') throw new Error(loss.reason);
    expect(loss).toMatchObject({ connections: 8, processes: { before: 3 } });
    expect(loss.servedOn).toBeGreaterThan(0);
    expect(loss.lost).toBe(8 - loss.servedOn);
    expect(loss.servedAgain).toBe(loss.lost);
  });
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

/** `sockbench run` from outside: what it writes, and what it does when something dies. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { parseRunResult, type RunResult } from '../../bench/result.ts';
import { withoutProc } from './process-tree.ts';
import { allGone, SockbenchCommand } from './sockbench-command.ts';

const scratch = mkdtempSync(join(tmpdir(), 'sockbench-test-'));
afterAll(() => rmSync(scratch, { recursive: true }));

const aFile = join(scratch, 'file');
writeFileSync(aFile, '');

const newFolder = (): string => mkdtempSync(join(scratch, 'results-'));
const saved = (folder: string, file = 'latest.json'): RunResult =>
  parseRunResult(JSON.parse(readFileSync(join(folder, file), 'utf8')), file);

/** Time for a reply, whatever else this machine does. */
const ENOUGH = '2s';
/** So long that a trial never ends by itself. */
const ENDLESS = ['--duration', '5m'];
const statesOf = (run: RunResult, model: string): string[] =>
  run.cells.filter((cell) => cell.model === model).flatMap(({ trials }) => trials.map(({ state }) => state));

describe.concurrent('a bench run', () => {
  test('prints a table, and writes what it measured as JSON, as Markdown and under runs/', async () => {
    const folder = newFolder();
    const options = [
      '--models',
      'event-loop,cluster',
      '--workloads',
      'slow-reader',
      '--duration',
      ENOUGH,
      '--trials',
      '2',
      '--seed',
      '1',
      '--no-references',
    ];
    const { code, stdout, stderr } = await SockbenchCommand.run('run', ...options, '--out', folder);
    expect(code, stderr).toBe(0);
    expect(stdout).toContain('slow-reader ×64');
    expect(stdout).toMatch(/^1~ +event-loop +[\d,]+ /m);
    expect(stderr).toContain('[round 2, 2/2]');
    const run = saved(folder);
    expect(run).toMatchObject({ seed: 1, rounds: 2, ended: 'trials' });
    expect(run.cells.flatMap(({ trials }) => trials.map(({ state }) => state))).toEqual(Array(4).fill('measured'));
    expect(readFileSync(join(folder, 'latest.md'), 'utf8')).toContain('## slow-reader ×64');
    expect(readdirSync(join(folder, 'runs'))).toHaveLength(1);
  });

  test("measures the same echo in other languages, and anybody's server, beside the models; --json prints the results file and nothing else", async () => {
    const program = fileURLToPath(new URL('../../dist/servers/references/programs/bare-net.js', import.meta.url));
    const mine = `mine=${process.execPath} ${program} {port}`;
    const options = ['--models', 'event-loop', '--workloads', 'reconnect', '--duration', '1s', '--trials', '1', '--json'];
    const { code, stdout, stderr } = await SockbenchCommand.run('run', ...options, '--server', mine, '--out', newFolder());
    expect(code, stderr).toBe(0);
    const { cells } = parseRunResult(JSON.parse(stdout), 'stdout');
    expect(cells).toHaveLength(2 * 6);
    const stateOf = (model: string): Set<string> =>
      new Set(cells.filter((cell) => cell.model === model).flatMap(({ trials }) => trials.map(({ state }) => state)));
    expect(new Set(cells.map(({ kind, model }) => `${kind} ${model}`))).toEqual(
      new Set([
        'model event-loop',
        'reference c-epoll',
        'reference node-bare',
        'reference python-asyncio',
        'reference python-blocking',
        'command mine',
      ]),
    );
    for (const model of ['event-loop', 'node-bare', 'mine']) expect(stateOf(model)).toEqual(new Set(['measured']));
    // Where there is no compiler or no Python, a row says so.
    for (const model of ['c-epoll', 'python-asyncio', 'python-blocking'])
      expect(['measured', 'skipped']).toEqual(expect.arrayContaining([...stateOf(model)]));
  });

  test.for([
    ['server', 'servers/main.js', 'ended with SIGKILL'],
    ['load generator', 'loadgen/main.js', 'the load generator ended with SIGKILL'],
  ] as const)(
    'goes on when the %s of a trial dies, calls that row failed, and exits with 1',
    async ([, program, reason], context) => {
      if (withoutProc !== undefined) context.skip(withoutProc);
      const folder = newFolder();
      const command = new SockbenchCommand(
        'run',
        '--models',
        'event-loop',
        '--workloads',
        'echo',
        ...ENDLESS,
        '--trials',
        '1',
        '--no-references',
        '--out',
        folder,
      );
      for (let row = 0; row < 2; row += 1) {
        const victim = await command.running(program);
        process.kill(victim, 'SIGKILL');
        await allGone(command.below().filter(({ pid }) => pid === victim));
      }
      expect(await command.exited, command.stderr).toBe(1);
      expect(statesOf(saved(folder), 'event-loop')).toEqual(['failed', 'failed']);
      expect(command.stdout).toContain(reason);
    },
  );

  test('keeps what was measured at Ctrl-C, leaves no process, and exits with 130', async (context) => {
    if (withoutProc !== undefined) context.skip(withoutProc);
    const folder = newFolder();
    const command = new SockbenchCommand(
      'run',
      '--models',
      'event-loop,cluster',
      '--workloads',
      'hash',
      ...ENDLESS,
      '--trials',
      '1',
      '--no-references',
      '--out',
      folder,
    );
    await command.running('servers/main.js');
    const below = command.below();
    command.child.kill('SIGINT');
    expect(await command.exited, command.stderr).toBe(130);
    await allGone(below);
    expect(saved(folder).ended).toBe('interrupted');
  });

  test('leaves no process when it is killed with SIGKILL', async (context) => {
    if (withoutProc !== undefined) context.skip(withoutProc);
    const command = new SockbenchCommand('run', '--models', 'cluster', '--workloads', 'hash', ...ENDLESS, '--out', newFolder());
    await command.running('servers/member.js');
    const below = command.below();
    expect(below).not.toEqual([]);
    command.child.kill('SIGKILL');
    await command.exited;
    await allGone(below);
  });

  // A folder can't be made below a file; in /proc not at all, and the kernel says so in its own way.
  test.for([[join(aFile, 'results')], ...(withoutProc === undefined ? [['/proc/results']] : [])])(
    "fails before anything is measured when it can't write to %s",
    async ([folder = '']) => {
      const { code, stdout, stderr } = await SockbenchCommand.run('run', '--out', folder);
      expect(stderr).toContain(`expected to write results to ${folder}`);
      expect(stderr).not.toContain('[round 1');
      expect(stdout).toBe('');
      expect(code).toBe(2);
    },
  );
});

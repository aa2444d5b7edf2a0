/** Ctrl-C between the first trial of a bench run and its last: nothing measured is lost, nothing is left running. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { parseRunResult, type RunResult } from '../../bench/result.ts';
import { eventually } from './eventually.ts';
import { withoutProc, type ProcessIdentity } from './process-tree.ts';
import { allGone, SockbenchCommand } from './sockbench-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'sockbench-test-'));
const readRun = (...path: string[]): RunResult => parseRunResult(JSON.parse(readFileSync(join(folder, ...path), 'utf8')), 'saved');

/** So many that the run is far from its end when it is interrupted. */
const TRIALS = '1000';
let command: SockbenchCommand;
let below: ProcessIdentity[];
let linesBefore: string[];

beforeAll(async () => {
  if (withoutProc !== undefined) return;
  const what = ['--models', 'event-loop,cluster', '--workloads', 'chat', '--duration', '1s', '--trials', TRIALS];
  command = new SockbenchCommand('run', ...what, '--out', folder);
  await eventually('two trials have been measured', () => progress().length >= 2);
  await command.running('servers/main.js');
  below = command.below();
  linesBefore = progress();
  command.child.kill('SIGINT');
  await command.exited;
});

beforeEach((context) => {
  if (withoutProc !== undefined) context.skip(withoutProc);
});

afterAll(() => {
  if (withoutProc === undefined) command.child.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

test('the bench exits with 130', async () => {
  expect(await command.exited, command.stderr).toBe(130);
});

test('every trial that was reported is saved, and the run is marked as interrupted', () => {
  const run = readRun('latest.json');
  const trials = run.cells.flatMap((cell) => cell.trials);
  expect(run.ended).toBe('interrupted');
  expect(linesBefore.length).toBeGreaterThanOrEqual(2);
  expect(trials).toHaveLength(progress().length);
  expect(trials.map(({ state }) => state)).toEqual(trials.map(() => 'measured'));
});

test('the saved run is the latest, and its report says that it was interrupted', () => {
  const [file, ...others] = readdirSync(join(folder, 'runs'));
  expect(others).toEqual([]);
  expect(readRun('runs', file!)).toEqual(readRun('latest.json'));
  expect(readFileSync(join(folder, 'latest.md'), 'utf8')).toContain(', interrupted.');
});

test('tables of what was measured are printed', () => {
  expect(command.stdout).toMatch(/^chat ×16$/m);
  expect(command.stdout).toMatch(/^\d~? +(event-loop|cluster) +[\d,]+ /m);
});

test('no process is left', async () => {
  expect(below).not.toEqual([]);
  await allGone(below);
});

/** A line each trial. */
function progress(): string[] {
  return command.stderr.split('\n').filter((line) => /^\[round \d+, \d+\/\d+\] /.test(line));
}

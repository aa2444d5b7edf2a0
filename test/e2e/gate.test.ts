/** The gate in small repositories of others: what it says to a set-up that it can't use, and a whole gate with a short plan. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { BaselineMeans } from '../../bench/gate/against-baseline.ts';
import type { Baseline } from '../../bench/gate/baseline.ts';
import type { GateSettings } from '../../bench/gate/gate.ts';
import type { GatePlan } from '../../bench/gate/plan.ts';
import type { GateResult } from '../../bench/gate/result.ts';
import { eventually } from './eventually.ts';
import { ECHO, GateRepository } from './gate-repository.ts';
import { withoutProc } from './process-tree.ts';
import { allGone, SockbenchCommand } from './sockbench-command.ts';

const inDist = async <Module>(path: string): Promise<Module> =>
  (await import(new URL(`../../dist/bench/${path}.js`, import.meta.url).href)) as Module;
const { gate } = await inDist<typeof import('../../bench/gate/gate.ts')>('gate/gate');
const { againstBaseline, measureBaseline } =
  await inDist<typeof import('../../bench/gate/against-baseline.ts')>('gate/against-baseline');
const { Repository } = await inDist<typeof import('../../bench/gate/repository.ts')>('gate/repository');
const { exitCodes } = await inDist<typeof import('../../bench/gate/result.ts')>('gate/result');

const SERVER = ['--server', `node server.js --port {port}`, '--framing', 'line'];

const start = ({ root, temporary }: GateRepository, ...args: string[]): SockbenchCommand =>
  new SockbenchCommand({ cwd: root, env: { ...process.env, TMPDIR: temporary, GITHUB_STEP_SUMMARY: '' } }, 'gate', ...args);

async function refused(repository: GateRepository, ...args: string[]): Promise<string> {
  const command = start(repository, ...args);
  expect(await command.exited, command.stderr).toBe(2);
  expect(command.stdout).toBe('');
  expect(readdirSync(repository.temporary)).toEqual([]);
  return command.stderr;
}

describe('a set-up that the gate cannot use ends with 2, in words, and leaves nothing behind:', () => {
  test('a folder that is no git repository', async () => {
    const repository = new GateRepository();
    const outside = { cwd: repository.temporary, env: process.env };
    const command = new SockbenchCommand(outside, 'gate', '--base', 'main', ...SERVER);
    expect(await command.exited).toBe(2);
    expect(command.stderr).toContain('expected a git repository with a commit in');
  });

  test('a revision that git does not know', async () => {
    const repository = new GateRepository();
    repository.commit({ 'server.js': ECHO });
    expect(await refused(repository, '--base', 'mian', ...SERVER)).toContain('expected a revision that git knows, got "mian"');
  });

  test('no common ancestor', async () => {
    const repository = new GateRepository();
    repository.commit({ 'server.js': ECHO });
    repository.git('checkout', '--quiet', '--orphan', 'elsewhere');
    repository.commit({ 'server.js': `${ECHO}\n` });
    expect(await refused(repository, '--base', 'main', ...SERVER)).toContain('main and HEAD to have a common ancestor');
  });

  test('a base that does not build, with the cause', async () => {
    const repository = new GateRepository();
    const base = repository.commit({ 'build.js': 'console.error("no such flour"); process.exit(1)' });
    repository.commit({ 'build.js': '', 'server.js': ECHO });
    const said = await refused(repository, '--base', base, '--build', 'node build.js', ...SERVER);
    expect(said).toContain('ended with exit code 1\nno such flour');
    expect(repository.worktrees()).toEqual([]);
  });

  test('a repository without compiled models', async () => {
    const repository = new GateRepository();
    const base = repository.commit({ 'server.js': ECHO });
    const said = await refused(repository, '--base', base, '--build', 'true');
    expect(said).toContain('expected base to be a tree of sockbench');
    expect(said).toContain('in another repository name its server');
  });
});

/** Too short to decide anything, long enough for replies, and deaf to what others do on this machine. */
const plan: GatePlan = {
  blocks: { screen: 1, confirm: 1 },
  rounds: { closed: 2, open: 2 },
  sliceMs: { closed: 300, open: 300 },
  warmUpSliceMs: 100,
  warmUpRounds: 1,
  tolerated: { stolenCpus: 1e9, foreignCpus: 1e9, suspendedMs: 1e9 },
};
const settings = { servers: ['node server.js --port {port}'], framing: 'line', sizeBytes: 32, connections: 2, plan };
const said: string[] = [];
const observer = { says: (line: string) => void said.push(line), blockEnds() {}, confirms() {} };
const wholeGate = ({ root }: GateRepository, base: string, rest: Partial<GateSettings> = {}): Promise<GateResult> =>
  gate(
    new Repository(root),
    { ...settings, base, build: 'true', seed: 1, budgetMs: Infinity, ...rest },
    observer,
    new AbortController().signal,
  );

describe('a gate with a short plan', () => {
  test('measures the working tree as it is against the base, says so, and removes what a killed gate left', async () => {
    const repository = new GateRepository();
    const base = repository.commit({ 'server.js': ECHO });
    repository.commit({ 'README.md': 'a server' });
    repository.write('server.js', `// changed\n${ECHO}`);
    const { pid } = spawnSync(process.execPath, ['--version']);
    const leftOver = join(repository.temporary, `sockbench-gate-${pid}-AbCdEf`);
    mkdirSync(leftOver);
    repository.git('worktree', 'add', '--detach', '--quiet', join(leftOver, 'a'), base);
    said.length = 0;
    const result = await wholeGate(repository, base);
    expect(said).toContain(`removed ${leftOver}, left over from a gate that was killed`);
    expect(said).toContain('head is the working tree as it is, with 1 uncommitted files');
    expect(result.head.uncommitted).toEqual(['server.js']);
    expect(result.verdict).toBe('inconclusive'); // one block shows nothing
    expect(exitCodes[result.verdict]).toBe(3);
    expect(result.comparisons[0]!.blocks.map(({ stage }) => stage)).toEqual(['screen', 'confirm']);
    expect(repository.worktrees()).toEqual([]);
    expect(readdirSync(repository.temporary)).toEqual([]);
  });

  test('starts a server again whose port is taken between choice and bind', async () => {
    const repository = new GateRepository();
    const started = join(repository.root, 'started');
    const unlucky = `const { existsSync, writeFileSync } = require('node:fs');
      const echo = () => ${ECHO}
      if (!existsSync('${started}')) echo(); // the second is too late
      echo();
      writeFileSync('${started}', '');`;
    const base = repository.commit({ 'server.js': unlucky });
    const result = await wholeGate(repository, base);
    expect(result.comparisons[0]!.blocks.map(({ stage }) => stage)).toEqual(['screen', 'confirm']);
  });

  test('fails at a wrong reply, without statistics', async () => {
    const repository = new GateRepository();
    const base = repository.commit({ 'server.js': ECHO });
    repository.commit({ 'server.js': ECHO.replace('.pipe(socket)', `.on('data', () => socket.write('no\\n'))`) });
    const result = await wholeGate(repository, base);
    expect(result.verdict).toBe('failed');
    expect(exitCodes[result.verdict]).toBe(2);
    expect(result.comparisons[0]!.rows[0]!.verdict).toMatchObject({
      reason: expect.stringContaining('head: expected every message'),
    });
  });
});

test('a baseline that was saved is compared with, and refused when the machine is another', async () => {
  const repository = new GateRepository();
  repository.commit({ 'server.js': ECHO });
  const file = join(repository.root, 'baselines', 'here.json');
  const means: BaselineMeans = {
    repository: new Repository(repository.root),
    seed: 1,
    budgetMs: Infinity,
    observer,
    signal: new AbortController().signal,
  };
  const absolute = { ...settings, servers: [`node ${join(repository.root, 'server.js')} --port {port}`] };
  const saved = await measureBaseline(absolute, means);
  expect(saved.blocks.map(({ arms }) => Object.keys(arms).toSorted())).toEqual([
    ['base', 'base again'],
    ['base', 'base again'],
  ]);
  const result = await againstBaseline(file, saved, means);
  expect(result.comparisons[0]).toMatchObject({ against: 'baseline', revision: file });
  expect(result.verdict).toBe('inconclusive');
  const elsewhere: Baseline = { ...saved, circumstances: { ...saved.circumstances, kernel: 'another' } };
  repository.write('baselines/here.json', JSON.stringify(elsewhere));
  const words = await refused(repository, '--baseline', file);
  expect(words).toContain('expected kernel to be as it was, "another", got');
  expect(words).toContain('--save-baseline');
});

test('Ctrl-C in the middle ends servers and load generator, and removes the worktrees', async (context) => {
  if (withoutProc !== undefined) context.skip(withoutProc);
  const repository = new GateRepository();
  const base = repository.commit({ 'server.js': ECHO });
  const command = start(repository, '--base', base, '--build', 'true', ...SERVER);
  await command.running('standing.js');
  const below = command.below();
  await eventually('two worktrees are there', () => repository.worktrees().length === 2);
  command.child.kill('SIGINT');
  expect(await command.exited).toBe(130);
  expect(command.stderr).toContain('interrupted');
  await allGone(below);
  expect(repository.worktrees()).toEqual([]);
  expect(readdirSync(repository.temporary)).toEqual([]);
});

test('the summary, JUnit, trackers and history get their files, of a gate with an anchor that time ended', async () => {
  const repository = new GateRepository();
  const anchor = repository.commit({ 'server.js': ECHO });
  repository.git('tag', 'v1');
  const base = repository.commit({ 'README.md': 'a server' });
  repository.commit({ 'server.js': `${ECHO}\n` });
  const names = ['markdown', 'junit', 'benchmark-action', 'bencher', 'history'];
  const files = names.flatMap((name) => [`--${name}`, join(repository.root, name)]);
  const options = ['--base', base, '--anchor', 'v1', '--build', 'true', '--budget', '1ms', '--json', ...files];
  const command = start(repository, ...options, ...SERVER);
  expect(await command.exited, command.stderr).toBe(3);
  const { verdict, comparisons } = JSON.parse(command.stdout) as GateResult;
  expect(verdict).toBe('inconclusive');
  expect(comparisons.map(({ against, revision, commit }) => [against, revision, commit])).toEqual([
    ['base', base, base],
    ['anchor', 'v1', anchor],
  ]);
  const markdown = readFileSync(join(repository.root, 'markdown'), 'utf8');
  expect(markdown.match(/the time was over after 0 of 7 blocks/g)).toHaveLength(10);
  expect(markdown).toContain(`head against anchor v1 (${anchor.slice(0, 10)})`);
  expect(readFileSync(join(repository.root, 'junit'), 'utf8')).toContain('<testsuite name="anchor v1"');
  for (const name of names) expect(readFileSync(join(repository.root, name), 'utf8')).not.toBe('');
});

test('a model that base lacks has rows without a verdict, which is no finding', async () => {
  const repository = new GateRepository();
  const base = repository.commit({ 'dist/servers/main.js': '' });
  repository.commit({ 'dist/servers/models/event-loop.js': '' });
  const command = start(repository, '--base', base, '--build', 'true', '--models', 'event-loop', '--json');
  expect(await command.exited, command.stderr).toBe(0);
  const { verdict, comparisons } = JSON.parse(command.stdout) as GateResult;
  expect(verdict).toBe('clean');
  expect(comparisons[0]!.rows).toHaveLength(5);
  for (const row of comparisons[0]!.rows)
    expect(row.verdict).toEqual({ state: 'not in base', reason: 'base has no servers/models/event-loop.ts' });
});

/** Burns a hundred times what an echo costs, whatever the machine does besides. */
const SLOW_ECHO = ECHO.replace(
  '.pipe(socket)',
  ".on('data', (chunk) => { for (const start = performance.now(); performance.now() - start < 2; ); socket.write(chunk); })",
);

// Twice 10 blocks, the fewest that can show anything: half a minute, and more where others work.
if (process.env['SOCKBENCH_TEST'] === 'full') {
  test(
    'a server that became many times slower is a regression against base, and none against an anchor that was as slow',
    { timeout: 600_000 },
    async () => {
      const repository = new GateRepository();
      const anchor = repository.commit({ 'server.js': SLOW_ECHO });
      const base = repository.commit({ 'server.js': ECHO });
      repository.commit({ 'server.js': SLOW_ECHO });
      const result = await wholeGate(repository, base, { anchor, plan: { ...plan, blocks: { screen: 1, confirm: 9 } } });
      expect(result.verdict).toBe('regressed');
      expect(exitCodes[result.verdict]).toBe(1);
      const [againstBase, againstAnchor] = result.comparisons;
      expect(againstBase!.rows[0]).toMatchObject({ metric: 'cpu', verdict: { state: 'regressed' } });
      expect(againstAnchor!.rows.map(({ verdict }) => verdict.state)).not.toContain('regressed');
    },
  );
}

// What a user gets: packs, installs the tarball into an empty project, and uses the command and the API there.
// Dependencies come from npm's cache where it has them, otherwise from the registry.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const project = mkdtempSync(join(tmpdir(), 'sockbench-package-'));
process.once('exit', () => rmSync(project, { recursive: true, force: true }));

const server = ['node', 'node_modules/sockbench/dist/bench/cli.js', 'serve'];
const program = `
import { load, type LoadResult } from 'sockbench';
const result: LoadResult = await load({ command: ${JSON.stringify(server)}, durationMs: 200, warmupMs: 50 });
console.log(JSON.stringify(result));
`;
const sockbench = (...args) => run('npx', ['--no-install', 'sockbench', ...args]);

const packed = pack();
write('package.json', JSON.stringify({ name: 'empty', private: true, type: 'module' }));
run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', join(project, packed.filename)]);
expect('the command lists models', JSON.parse(sockbench('list', '--json')).models.length > 0);

const model = ['--models', 'event-loop', '--workloads', 'echo'];
const measured = JSON.parse(sockbench('run', '--quick', ...model, '--no-references', '--json'));
expect(
  'a run measures a model',
  measured.cells.every(({ trials }) => trials[0].state === 'measured'),
);
expect('it knows its dependencies', !Object.values(measured.environment.dependencies).includes('unknown'));
const scaled = JSON.parse(sockbench('run', '--quick', ...model, '--duration', '50ms', '--json'));
const references = scaled.cells.filter(({ kind }) => kind === 'reference').flatMap(({ trials }) => trials);
expect(
  'programs in other languages are there',
  references.every(({ state, reason = '' }) => state !== 'failed' && !reason.startsWith('cc:')),
);
expect('its results can be read', sockbench('report', 'results/latest.json').includes('event-loop'));
expect('load measures a server', JSON.parse(sockbench('load', '-j', '-a', '100', '--', ...server)).messages > 0);

write(
  'server.mjs',
  `import { createServer } from 'node:net';\ncreateServer((socket) => socket.pipe(socket)).listen(process.argv[2], '127.0.0.1');\n`,
);
run('git', ['init', '--quiet']);
run('git', ['add', 'server.mjs']);
run('git', ['-c', 'user.name=test', '-c', 'user.email=test@localhost', 'commit', '--quiet', '--message', 'a server']);
const own = ['--base', 'HEAD', '--build', 'true', '--server', 'node server.mjs {port}', '--framing', 'line'];
const gated = JSON.parse(
  run('npx', ['--no-install', 'sockbench', 'gate', ...own, '--budget', '5s', '--json'], { exitCodes: [0, 3] }),
);
expect('a gate measures a server', gated.comparisons[0].blocks.length > 0);

write('program.ts', program);
const compilerOptions = { module: 'nodenext', target: 'es2023', strict: true, types: ['node'] };
write(
  'tsconfig.json',
  JSON.stringify({ compilerOptions: { ...compilerOptions, typeRoots: [join(root, 'node_modules', '@types')] } }),
);
run(process.execPath, [join(root, 'node_modules', 'typescript', 'bin', 'tsc')]);
expect('the API works, with its types', JSON.parse(run(process.execPath, ['program.js'])).messages > 0);
process.stderr.write(`sockbench: ${packed.filename}, ${packed.files.length} files, ${packed.unpackedSize} bytes, works\n`);

/** Packs into the project; everything that the package holds must be of a kind that it needs. */
function pack() {
  const [summary] = JSON.parse(run('npm', ['pack', '--json', '--pack-destination', project], { cwd: root }));
  const needed = /^(package\.json|README\.md|LICENSE|dist\/.*\.(js|d\.ts)|servers\/references\/programs\/.*\.(c|py))$/;
  const superfluous = summary.files.map(({ path }) => path).filter((path) => !needed.test(path) || path.startsWith('dist/test'));
  expect(`the package holds nothing that it doesn't need: ${superfluous.join(' ')}`, superfluous.length === 0);
  return summary;
}

function write(file, text) {
  writeFileSync(join(project, file), text);
}

/** @returns stdout; stops at the first failure, with everything that was said */
function run(command, args, { cwd = project, exitCodes = [0] } = {}) {
  const options = { cwd, encoding: 'utf8', shell: process.platform === 'win32' && command !== process.execPath };
  const { status, stdout, stderr, error } = spawnSync(command, args, options);
  if (!exitCodes.includes(status))
    fail(`${command} ${args.join(' ')}: ${error?.message ?? `exit code ${status}`}\n${stdout}\n${stderr}`);
  return stdout;
}

function expect(what, holds) {
  if (!holds) fail(`expected that ${what}`);
}

function fail(what) {
  process.stderr.write(`sockbench: ${what}\n`);
  process.exit(1);
}

// Runs before every npm script: installs the locked dependencies when they are missing or older than the
// lock file, then compiles. Plain JavaScript, because it runs before anything is installed.
// Everything it says goes to stderr, so that `npm run --silent … -- --json` keeps stdout for data.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
process.chdir(root);

const installed = join('node_modules', '.package-lock.json');

if (!existsSync(installed) || statSync(installed).mtimeMs < statSync('package-lock.json').mtimeMs) {
  run('installing the locked dependencies', 'npm', ['ci', '--no-audit', '--no-fund']);
  utimesSync(installed, new Date(), new Date());
}
removeOrphans('dist');
const tsc = join('node_modules', 'typescript', 'bin', 'tsc');
run(undefined, process.execPath, [tsc]);
await bundlePage();

function run(title, command, args) {
  if (title) process.stderr.write(`sockbench: ${title} …\n`);
  const { status, error } = spawnSync(command, args, {
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32' && command === 'npm',
  });
  if (error) process.stderr.write(`sockbench: ${command}: ${error.message}\n`);
  if (status !== 0) process.exit(2);
}

/** The script of the report runs in a browser: checked against what there is in one, then bundled with echarts into one file. */
async function bundlePage() {
  const source = join('bench', 'report', 'page');
  const bundle = join('dist', source, 'main.js');
  const newest = Math.max(...['bench', 'loadgen'].flatMap(modificationTimes), statSync('package-lock.json').mtimeMs);
  if (existsSync(bundle) && statSync(bundle).mtimeMs > newest) return;
  run(undefined, process.execPath, [tsc, '-p', source]);
  const { build } = await import('rolldown'); // here, as it may have been installed only now
  await build({ input: join(source, 'main.ts'), platform: 'browser', logLevel: 'warn', output: { file: bundle, minify: true } });
}

function modificationTimes(folder) {
  return readdirSync(folder, { recursive: true }).map((path) => statSync(join(folder, path)).mtimeMs);
}

/** The folder models/ is the registry, so a compiled file whose source is gone must go too. */
function removeOrphans(folder) {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath ?? entry.path, entry.name);
    const source = path.replace(/^dist./, '').replace(/(\.d)?\.[jt]s(\.map)?$/, '.ts');
    if (entry.isFile() && source.endsWith('.ts') && !existsSync(source)) rmSync(path);
  }
}

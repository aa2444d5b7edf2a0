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
run(undefined, process.execPath, [join('node_modules', 'typescript', 'bin', 'tsc')]);

function run(title, command, args) {
  if (title) process.stderr.write(`sockbench: ${title} …\n`);
  const { status, error } = spawnSync(command, args, {
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32' && command === 'npm',
  });
  if (error) process.stderr.write(`sockbench: ${command}: ${error.message}\n`);
  if (status !== 0) process.exit(2);
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

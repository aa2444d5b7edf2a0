import { spawn } from 'node:child_process';
import { existsSync, readFileSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { SockbenchError } from '../../errors/sockbench-error.ts';

const LINES = 15;

export interface BuildPlan {
  /** The folder to build, in a worktree. */
  folder: string;
  /** The same folder in the working tree: its installed dependencies are copied where the lock file is the same. */
  source: string;
  /** What compiles it, for a shell; what its package.json says where left out. */
  command?: string;
}

/**
 * Installs the dependencies that the commit itself has locked, then compiles.
 * @throws SockbenchError E_BUILD with a few lines of what was said
 */
export async function build({ folder, source, command }: BuildPlan, signal: AbortSignal): Promise<void> {
  const locked = existsSync(join(folder, 'package-lock.json'));
  if (locked && installedFrom(source, folder)) {
    await run(['cp', '-a', join(source, 'node_modules'), join(folder, 'node_modules')], folder, signal);
    touch(join(folder, 'node_modules', '.package-lock.json')); // newer than the lock file that was just checked out
  } else if (locked) {
    await run(['npm', 'ci', '--no-audit', '--no-fund'], folder, signal);
  }
  if (command !== undefined) await run(['sh', '-c', command], folder, signal);
  else if (existsSync(join(folder, 'package.json'))) await run(['npm', 'run', 'build', '--if-present'], folder, signal);
}

/** The source's dependencies are installed, and locked as in the other folder. */
function installedFrom(source: string, folder: string): boolean {
  if (process.platform === 'win32' || !existsSync(join(source, 'node_modules', '.package-lock.json'))) return false;
  const lock = join(source, 'package-lock.json');
  return existsSync(lock) && readFileSync(lock).equals(readFileSync(join(folder, 'package-lock.json')));
}

async function run(words: readonly string[], cwd: string, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const [program = '', ...args] = words;
  // In a group of its own, so that an interrupted build goes with all that it has started.
  const child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const kill = (): void => {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  };
  signal.addEventListener('abort', kill, { once: true });
  const ended = new Promise<string>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, killedBy) => resolve(killedBy ?? `exit code ${code}`));
  });
  const [said, ending] = await Promise.all([Promise.all([text(child.stdout), text(child.stderr)]), ended]);
  signal.removeEventListener('abort', kill);
  signal.throwIfAborted();
  if (ending === 'exit code 0') return;
  throw new SockbenchError('E_BUILD', `expected ${words.join(' ')} to succeed in ${cwd}, it ended with ${ending}\n${cause(said)}`);
}

/** Compilers and npm name the cause first, on stderr; what says nothing there has said it last. */
function cause([stdout, stderr]: readonly [string, string]): string {
  const [out, err] = [stdout.trim(), stderr.trim()];
  const told = err === '' ? out.split('\n').slice(-LINES) : err.split('\n').slice(0, LINES);
  return told.join('\n');
}

function touch(path: string): void {
  if (existsSync(path)) utimesSync(path, new Date(), new Date());
}

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

/** An echo server as anybody may have one; it takes `--port PORT`. */
export const ECHO = `require('node:net').createServer((socket) => socket.on('error', () => {}).pipe(socket)).listen(Number(process.argv[3]), '127.0.0.1');\n`;

/** A small git repository in a temporary folder, with temporary files of its own beside it; gone after the test. */
export class GateRepository {
  readonly #folder = realpathSync(mkdtempSync(join(tmpdir(), 'sockbench-test-')));
  /** Where gates make their worktrees. */
  readonly temporary = join(this.#folder, 'tmp');
  readonly root = join(this.#folder, 'repository');

  constructor() {
    for (const folder of [this.temporary, this.root]) mkdirSync(folder);
    this.git('init', '--quiet', '--initial-branch=main');
    onTestFinished(() => rmSync(this.#folder, { recursive: true, force: true }));
  }

  git(...args: string[]): string {
    const who = ['-c', 'user.name=test', '-c', 'user.email=test@localhost', '-c', 'commit.gpgsign=false'];
    return execFileSync('git', [...who, ...args], { cwd: this.root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  }

  write(file: string, text: string): void {
    mkdirSync(dirname(join(this.root, file)), { recursive: true });
    writeFileSync(join(this.root, file), text);
  }

  commit(files: Record<string, string>): string {
    for (const [file, text] of Object.entries(files)) this.write(file, text);
    this.git('add', '--all');
    this.git('commit', '--quiet', '--allow-empty', '--message', 'a commit');
    return this.git('rev-parse', 'HEAD').trim();
  }

  /** The folders of its worktrees, without its own. */
  worktrees(): string[] {
    const lines = this.git('worktree', 'list', '--porcelain').split('\n');
    return lines.filter((line) => line.startsWith('worktree ')).slice(1);
  }
}

import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describeError, SockbenchError } from '../../errors/sockbench-error.ts';

/** The git repository around a folder. */
export class Repository {
  readonly root: string;
  /** The folder's path below the root; empty at the root. */
  readonly prefix: string;

  /** @throws SockbenchError E_GIT where there is no git, or no repository with a commit */
  constructor(folder: string) {
    try {
      this.root = run(folder, 'rev-parse', '--show-toplevel').trimEnd();
      this.prefix = run(folder, 'rev-parse', '--show-prefix').trimEnd();
      run(folder, 'rev-parse', '--verify', '--quiet', 'HEAD^{commit}');
    } catch (cause) {
      throw new SockbenchError('E_GIT', `expected a git repository with a commit in ${folder}, got ${lastLine(cause)}`, {
        remedy: 'the gate compares two commits: run it inside a clone',
        cause,
      });
    }
  }

  /** The full id of a commit. @throws SockbenchError E_REVISION */
  commit(revision: string): string {
    try {
      return this.#git('rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`).trimEnd();
    } catch (cause) {
      throw new SockbenchError('E_REVISION', `expected a revision that git knows, got ${JSON.stringify(revision)}`, {
        remedy: `git fetch the branch it is on${this.#shallow ? '; this clone is shallow: fetch-depth: 0' : ''}`,
        cause,
      });
    }
  }

  /** The last commit that a revision and HEAD have in common. @throws SockbenchError E_REVISION, E_NO_COMMON_ANCESTOR */
  mergeBase(revision: string): string {
    const commit = this.commit(revision);
    try {
      return this.#git('merge-base', commit, 'HEAD').trimEnd();
    } catch (cause) {
      throw new SockbenchError('E_NO_COMMON_ANCESTOR', `expected ${revision} and HEAD to have a common ancestor, they have none`, {
        remedy: this.#shallow
          ? 'this clone is shallow: fetch its whole history (fetch-depth: 0)'
          : 'choose a base from the same history',
        cause,
      });
    }
  }

  /** Whether files differ between a commit and the working tree in any of these folders. */
  differs(commit: string, folders: readonly string[]): boolean {
    return this.#git('diff', '--name-only', commit, '--', ...folders) !== '';
  }

  /** Files of the working tree that are not as in HEAD, ignored ones aside: changed, new and deleted. */
  uncommitted(): string[] {
    const entries = this.#git('status', '--porcelain=v1', '-z', '--no-renames', '--untracked-files=all').split('\0');
    return entries.filter((entry) => entry !== '').map((entry) => entry.slice(3));
  }

  addWorktree(path: string, commit: string): void {
    this.#git('worktree', 'add', '--detach', '--quiet', path, commit);
  }

  /** Never throws: whatever is left is removed by hand. */
  removeWorktree(path: string): void {
    try {
      this.#git('worktree', 'remove', '--force', '--force', path);
    } catch {
      rmSync(path, { recursive: true, force: true });
      this.#git('worktree', 'prune');
    }
  }

  worktrees(): string[] {
    const lines = this.#git('worktree', 'list', '--porcelain').split('\n');
    return lines.flatMap((line) => (line.startsWith('worktree ') ? [line.slice('worktree '.length)] : []));
  }

  /** Makes a worktree of HEAD what the working tree is now. */
  copyUncommitted(into: string): void {
    for (const file of this.uncommitted()) {
      const [from, to] = [join(this.root, file), join(into, file)];
      if (existsSync(from)) {
        mkdirSync(dirname(to), { recursive: true });
        copyFileSync(from, to);
      } else {
        rmSync(to, { force: true });
      }
    }
  }

  get #shallow(): boolean {
    return this.#git('rev-parse', '--is-shallow-repository').trim() === 'true';
  }

  #git(...args: string[]): string {
    return run(this.root, ...args);
  }
}

/** git's hooks set GIT_DIR and the like, which would point every call at another repository. */
function run(cwd: string, ...args: string[]): string {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_')));
  return execFileSync('git', args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 1 << 28 });
}

function lastLine(error: unknown): string {
  const { stderr, code } = error as { stderr?: string; code?: string };
  if (code === 'ENOENT') return 'no git';
  return stderr?.trim().split('\n').at(-1) || describeError(error);
}

import { mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { isAlive } from '../../posix/process.ts';
import type { Repository } from './repository.ts';

const PREFIX = 'sockbench-gate-';
/** "sockbench-gate-1234-AbCdEf": made by process 1234. */
const OWNED = /^sockbench-gate-(\d+)-\w+$/;

/**
 * Worktrees side by side for as long as a gate runs, in folders whose paths have the same length: paths are part of a
 * program's memory, and may make it faster or slower.
 */
export class Trees {
  readonly #repository: Repository;
  readonly #folder: string;
  readonly #names: string[];
  readonly #paths: string[] = [];

  /** @param names one letter each, in the order in which they are given away: drawn, so that no tree is always the first */
  constructor(repository: Repository, names: readonly string[]) {
    this.#repository = repository;
    this.#names = [...names];
    this.#folder = mkdtempSync(join(realpathSync(tmpdir()), `${PREFIX}${process.pid}-`));
  }

  /** A worktree of a commit; its path. */
  add(commit: string): string {
    const path = join(this.#folder, this.#names.shift()!);
    this.#repository.addWorktree(path, commit);
    this.#paths.push(path);
    return path;
  }

  remove(): void {
    for (const path of this.#paths) this.#repository.removeWorktree(path);
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Removes what gates that were killed have left behind; returns the folders. */
export function removeLeftOvers(repository: Repository): string[] {
  const temporary = realpathSync(tmpdir());
  const inTemporary = readdirSync(temporary).map((name) => join(temporary, name));
  const folders = new Set([...inTemporary, ...repository.worktrees().map(dirname)].filter(isLeftOver));
  for (const path of repository.worktrees()) if (folders.has(dirname(path))) repository.removeWorktree(path);
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  return [...folders];
}

function isLeftOver(folder: string): boolean {
  const [, owner] = OWNED.exec(basename(folder)) ?? [];
  return owner !== undefined && !isAlive(Number(owner));
}

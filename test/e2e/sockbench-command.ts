import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { eventually } from './eventually.ts';
import { isGone, processTree, type ProcessIdentity } from './process-tree.ts';

const entry = fileURLToPath(new URL('../../dist/bench/cli.js', import.meta.url));

export type Place = Pick<SpawnOptions, 'cwd' | 'env'>;

/** `node dist/bench/cli.js …`, as a user runs it, with its streams piped. */
export class SockbenchCommand {
  readonly child: ChildProcess;
  readonly exited: Promise<number | NodeJS.Signals>;
  stdout = '';
  stderr = '';

  /** @param words the arguments; and where it runs, if not here */
  constructor(...words: (Place | string)[]) {
    const place = words.find((word) => typeof word === 'object');
    const args = words.filter((word) => typeof word === 'string');
    this.child = spawn(process.execPath, [entry, ...args], { ...place, stdio: 'pipe' });
    this.child.stdout!.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
    this.child.stderr!.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    this.exited = once(this.child, 'close').then(([code, signal]) => (code ?? signal) as number | NodeJS.Signals);
  }

  /** Runs to the end; the exit code and what it said. */
  static async run(...words: (Place | string)[]): Promise<{ code: number | NodeJS.Signals; stdout: string; stderr: string }> {
    const command = new SockbenchCommand(...words);
    const code = await command.exited;
    return { code, stdout: command.stdout, stderr: command.stderr };
  }

  /** Every process that runs below it now. */
  below(): ProcessIdentity[] {
    return processTree(this.child.pid!).slice(1);
  }

  /** Waits until a process of a trial runs whose command line holds all of `words`. */
  async running(...words: string[]): Promise<number> {
    const { readFileSync } = await import('node:fs');
    const matches = ({ pid }: ProcessIdentity): boolean => {
      try {
        const commandLine = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        return words.every((word) => commandLine.includes(word));
      } catch {
        return false;
      }
    };
    let found: number | undefined;
    await eventually(`${words.join(' ')} runs`, () => {
      found = this.below().find(matches)?.pid;
      return found !== undefined;
    });
    return found!;
  }
}

export async function allGone(processes: readonly ProcessIdentity[]): Promise<void> {
  await eventually('no process is left', () => processes.every(isGone));
}

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { LoadOptions } from '../../loadgen/options.ts';
import type { LoadResult } from '../../loadgen/result.ts';

export const inDist = (path: string): string => fileURLToPath(new URL(`../../dist/${path}`, import.meta.url));
const cli = inDist('bench/cli.js');
const main = inDist('loadgen/main.js');

/** The compiled server. */
export const serverEntry = inDist('servers/main.js');

export const { parseLoadResult } = (await import(inDist('bench/result.js'))) as typeof import('../../bench/result.ts');

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** One load generator process, watched from outside. It doesn't survive the test. */
export class LoadProcess {
  readonly ended: Promise<Ended>;
  readonly #child: ChildProcess;

  private constructor(args: string[]) {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    this.#child = child;
    this.ended = once(child, 'close').then(([code, signal]) => ({ code, signal, stdout, stderr }));
    onTestFinished(() => void child.kill('SIGKILL'));
  }

  /** `sockbench load ARGS` */
  static cli(...args: (string | number)[]): LoadProcess {
    return new LoadProcess([cli, 'load', ...args.map(String)]);
  }

  /** `node loadgen/main.js OPTIONS` */
  static main(options: Partial<LoadOptions>): LoadProcess {
    return new LoadProcess([main, JSON.stringify(options)]);
  }

  get pid(): number {
    return this.#child.pid!;
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** Its end, and the result that it printed. Throws when it printed none. */
  async result(): Promise<Ended & { result: LoadResult }> {
    const ended = await this.ended;
    if (ended.stdout === '') throw new Error(`expected a result, got exit code ${ended.code}: ${ended.stderr}`);
    return { ...ended, result: parseLoadResult(ended.stdout) };
  }
}

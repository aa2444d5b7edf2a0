import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { LoadOptions } from '../../loadgen/options.ts';
import type { LoadResult } from '../../loadgen/result.ts';
import type { StandingAnswer, StandingRequest } from '../../loadgen/standing.ts';
import type { StandingTarget } from '../../loadgen/standing-load.ts';
import { SockbenchError } from '../../errors/sockbench-error.ts';
import { starterEnvironment } from '../../posix/lifetime.ts';
import { withAffinity } from '../../posix/process.ts';
import { loadResult } from '../load-schema.ts';

const PATIENCE_MS = 20_000;

/** A load generator process that keeps its connections to several servers, and measures one of them when told to. */
export class LoadGenerator {
  readonly #child: ChildProcess;
  readonly #exited: Promise<never>;

  /** @param entry `loadgen/standing.js` of the tree whose load generator is wanted */
  constructor(entry: string, cpus: readonly number[] | undefined) {
    const env = { ...process.env, ...starterEnvironment() };
    this.#child = withAffinity(cpus, () =>
      spawn(process.execPath, [entry], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], env, detached: true }),
    );
    this.#exited = once(this.#child, 'exit').then(([code, signal]) => {
      throw new SockbenchError('E_LOAD', `expected the load generator to go on, it ended with ${signal ?? `exit code ${code}`}`);
    });
    this.#exited.catch(() => {}); // whoever waits for an answer races against it
  }

  /** @throws SockbenchError E_LOAD */
  async measure(server: StandingTarget, options: Partial<LoadOptions>): Promise<LoadResult> {
    const patience = AbortSignal.timeout(PATIENCE_MS);
    const answered = once(this.#child, 'message', { signal: patience }) as Promise<[StandingAnswer]>;
    const { host, port, pid } = server;
    const request: StandingRequest = { server: { host, port, pid }, options };
    this.#child.send(request);
    const [answer] = await Promise.race([answered, this.#exited]);
    if ('error' in answer) throw new SockbenchError('E_LOAD', answer.error);
    return loadResult.parse(answer.result);
  }

  async end(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill('SIGKILL'); // it holds nothing that would be lost
    await this.#exited.catch(() => {});
  }
}

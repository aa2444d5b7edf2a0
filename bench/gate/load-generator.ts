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

/** A load generator process that keeps its connections to several servers, and measures one of them when told to. It starts when it is needed. */
export class LoadGenerator {
  readonly #entry: string;
  readonly #cpus: readonly number[] | undefined;
  #running: { child: ChildProcess; exited: Promise<never> } | undefined;

  /** @param entry `loadgen/standing.js` of the tree whose load generator is wanted */
  constructor(entry: string, cpus: readonly number[] | undefined) {
    this.#entry = entry;
    this.#cpus = cpus;
  }

  /** @throws SockbenchError E_LOAD */
  async measure(server: StandingTarget, options: Partial<LoadOptions>): Promise<LoadResult> {
    const answer = await this.#ask({ server, options });
    if ('result' in answer) return loadResult.parse(answer.result);
    throw new SockbenchError('E_LOAD', 'error' in answer ? answer.error : 'expected a result, got none');
  }

  /** Closes its connections: the servers end. */
  async leave(): Promise<void> {
    await this.#ask('leave'); // an older load generator answers that it doesn't understand, and keeps those that the servers close
  }

  async end(): Promise<void> {
    const { child, exited } = this.#running ?? {};
    this.#running = undefined;
    child?.kill('SIGKILL'); // it holds nothing that would be lost
    await exited?.catch(() => {});
  }

  async #ask(request: StandingRequest): Promise<StandingAnswer> {
    const { child, exited } = (this.#running ??= this.#start());
    const patience = AbortSignal.timeout(PATIENCE_MS);
    const answered = once(child, 'message', { signal: patience }) as Promise<[StandingAnswer]>;
    child.send(request);
    const [answer] = await Promise.race([answered, exited]);
    return answer;
  }

  #start(): { child: ChildProcess; exited: Promise<never> } {
    const env = { ...process.env, ...starterEnvironment() };
    const child = withAffinity(this.#cpus, () =>
      spawn(process.execPath, [this.#entry], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], env, detached: true }),
    );
    const exited = once(child, 'exit').then(([code, signal]) => {
      throw new SockbenchError('E_LOAD', `expected the load generator to go on, it ended with ${signal ?? `exit code ${code}`}`);
    });
    exited.catch(() => {}); // whoever waits for an answer races against it
    return { child, exited };
  }
}

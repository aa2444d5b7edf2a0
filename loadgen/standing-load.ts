import type { LoadOptions } from './options.ts';
import { completed } from './options.ts';
import type { LoadResult } from './result.ts';
import { Run } from './run.ts';
import { Threads } from './threads.ts';
import { chosenTransport } from './transport.ts';
import { workloads } from './workload.ts';

/** A server that runs already, started by somebody else. */
export interface StandingTarget {
  host: string;
  port: number;
  /** Its first process, where its use of CPU is to be told: reading that takes a moment of the client's time at both ends of a run. */
  pid?: number;
}

/**
 * Load on several servers in turn, over connections that stay: one is measured, the others rest. The same threads load all of
 * them, so that no server has a client that is warmer than another's.
 */
export class StandingLoad {
  #threads: Threads | undefined;

  /**
   * One run. The first says how many connections there are to each server, by which transport; those after it use the same.
   * @throws SockbenchError as `load` does
   */
  async measure(server: StandingTarget, wanted: Partial<LoadOptions>): Promise<LoadResult> {
    const options = await completed(wanted);
    const target = { host: server.host, port: server.port };
    const complete = { ...options, target, transport: await chosenTransport(options.transport) };
    this.#threads ??= new Threads(complete);
    const known = { serverPid: server.pid, ceiling: undefined };
    return new Run(this.#threads, complete, await workloads.load(options.workload), known, {}).finished();
  }

  /** Closes all connections; further runs open new ones. */
  leave(): void {
    this.#threads?.leave();
  }

  /** Closes all connections, for good. */
  end(): void {
    this.#threads?.end();
  }
}

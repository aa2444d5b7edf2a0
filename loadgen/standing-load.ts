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
  /** Its first process. */
  pid: number;
}

/** Load on several servers in turn, over connections that stay: one is measured, the others rest. */
export class StandingLoad {
  readonly #threads = new Map<number, Threads>();

  /**
   * One run. The first against a server opens as many connections as its options say; those after it use the same.
   * @throws SockbenchError as `load` does
   */
  async measure(server: StandingTarget, wanted: Partial<LoadOptions>): Promise<LoadResult> {
    const options = await completed(wanted);
    const target = { host: server.host, port: server.port };
    const complete = { ...options, target, transport: await chosenTransport(options.transport) };
    const threads = this.#threads.get(server.pid) ?? new Threads(complete);
    this.#threads.set(server.pid, threads);
    const known = { serverPid: server.pid, ceiling: undefined };
    return new Run(threads, complete, await workloads.load(options.workload), known, {}).finished();
  }

  /** Closes all connections. */
  end(): void {
    for (const threads of this.#threads.values()) threads.end();
  }
}

import { lookup } from 'node:dns/promises';
import { fileURLToPath } from 'node:url';
import { SockbenchError } from '../errors/sockbench-error.ts';
import { ServerCommand } from './command.ts';
import { completed, type LoadOptions } from './options.ts';
import type { LoadResult } from './result.ts';
import { Run, type LoadHooks, type Progress } from './run.ts';
import { Threads } from './threads.ts';
import { chosenTransport } from './transport.ts';
import { workloads } from './workload.ts';

export type { LoadHooks, LoadOptions, LoadResult, Progress };

/**
 * Loads a server and measures it. Starts the server first, and stops it last, when a command is given.
 * @param wanted what is left out has the workload's default, or that of `loadDefaults`; `target` or `command` is needed
 * @throws SockbenchError E_UNKNOWN_NAME, E_OPTION, E_TRANSPORT_UNAVAILABLE, E_SERVER_…, or the errno name when no connection opens
 */
export async function load(wanted: Partial<LoadOptions>, hooks: LoadHooks = {}): Promise<LoadResult> {
  const options = await completed(wanted);
  const workload = await workloads.load(options.workload);
  if (workload.search) checkSearchable(options);
  const transport = await chosenTransport(options.transport);
  const ceiling = options.ceiling ? await measureCeiling(wanted, hooks) : undefined;
  const server = options.command && new ServerCommand(options.command, options.serverCpus);
  const threads = new Threads({ ...options, transport }); // they start while the server does
  try {
    const address = options.target ?? (await server?.ready(options.readyTimeoutMs));
    if (address === undefined) throw new SockbenchError('E_TARGET', 'expected HOST:PORT or -- COMMAND, got neither');
    const complete = { ...options, transport, target: await resolved(address) };
    const runAt = async (changes: Partial<LoadOptions>): Promise<LoadResult> => {
      const known = { serverPid: server?.pid, ceiling };
      const run = new Run(threads, { ...complete, ...changes }, workload, known, hooks);
      return Promise.race([run.finished(), ...(server ? [server.died] : [])]).finally(() => run.cancel());
    };
    return await (workload.search?.(options, runAt) ?? runAt({}));
  } finally {
    threads.end();
    await server?.stop();
  }
}

/** With the host's name looked up once, not for every connection. */
async function resolved({ host, port }: { host: string; port: number }): Promise<{ host: string; port: number }> {
  return { host: (await lookup(host)).address, port };
}

/** What only a single run can have. */
function checkSearchable({ workload, amount, hdr }: LoadOptions): void {
  const wrong = Object.entries({ amount, hdr }).find(([, value]) => value !== undefined);
  if (wrong === undefined) return;
  throw new SockbenchError('E_OPTION', `expected no --${wrong[0]} for ${workload}, which makes several runs, got ${wrong[1]}`);
}

const nullServer = fileURLToPath(new URL(`./null-server${import.meta.url.slice(-3)}`, import.meta.url));

/** Messages per second in a closed loop against a server that does the least; only what shapes the load is as wanted. */
async function measureCeiling(wanted: Partial<LoadOptions>, { signal }: LoadHooks): Promise<number> {
  const { connections, pipelining, sizeBytes, framing, transport, workers, serverCpus } = wanted;
  const shape = { connections, pipelining, sizeBytes, framing, transport, workers, serverCpus };
  const given = Object.fromEntries(Object.entries(shape).filter(([, value]) => value !== undefined)) as Partial<LoadOptions>;
  const command = [process.execPath, nullServer];
  const brief = { workload: 'echo', durationMs: 1000, warmupMs: 500 };
  return (await load({ ...given, ...brief, command }, signal ? { signal } : {})).messagesPerSecond;
}

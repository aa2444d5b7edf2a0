import { lookup } from 'node:dns/promises';
import { Worker } from 'node:worker_threads';
import { SockbenchError } from '../errors/sockbench-error.ts';
import { ServerCommand } from './command.ts';
import { distribute, type LoadOptions } from './options.ts';
import { treeUsage, type TreeUsage } from './process-tree.ts';
import { Recorder } from './recorder.ts';
import type { LoadResult } from './result.ts';
import { assemble, type ThreadOutcome, type Window } from './assemble.ts';
import type { ThreadMessage, ThreadStart } from './thread.ts';
import { defaultTransport, transports } from './transport.ts';
import { workloads } from './workload.ts';

/** How the run stands, to be read at any time while it lasts. */
export interface Progress {
  /** Messages measured so far; 0 while connecting and warming up. */
  readonly messages: number;
  readonly elapsedMs: number;
  latencyNs(percentile: number): number;
}

export interface LoadHooks {
  /** Called once, when measuring begins. */
  onMeasuring?(progress: Progress): void;
  /** Ends the run early; what was measured until then is the result. */
  signal?: AbortSignal;
}

/**
 * Loads a server and measures it. Starts the server first, and stops it last, when a command is given.
 * @throws SockbenchError E_UNKNOWN_NAME, E_TRANSPORT_UNAVAILABLE, E_SERVER_…, or the errno name when no connection opens
 */
export async function load(options: LoadOptions, hooks: LoadHooks = {}): Promise<LoadResult> {
  const transport = await checkedTransport(options.transport ?? (await defaultTransport()));
  await workloads.load(options.workload);
  const server = options.command && new ServerCommand(options.command, options.serverCpus);
  try {
    const address = options.target ?? (await server?.ready(options.readyTimeoutMs));
    if (address === undefined) throw new SockbenchError('E_TARGET', 'expected HOST:PORT or -- COMMAND, got neither');
    const target = { host: (await lookup(address.host)).address, port: address.port };
    const run = new Run({ ...options, transport, target }, server, hooks);
    return await Promise.race([run.finished(), ...(server ? [server.died] : [])]).finally(() => run.cancel());
  } finally {
    await server?.stop();
  }
}

class Run {
  readonly #options: LoadResult['options'];
  readonly #hooks: LoadHooks;
  readonly #serverPid: number | undefined;
  readonly #recorders: Recorder[] = [];
  readonly #live: Float64Array<SharedArrayBuffer>[] = [];
  readonly #cancel = new Int32Array(new SharedArrayBuffer(4));
  readonly #threads: Promise<ThreadOutcome>[];
  #threadsMeasuring = 0;
  #threadsMeasured = 0;
  #begin: Window | undefined;
  #end: Window | undefined;

  constructor(options: LoadResult['options'], server: ServerCommand | undefined, hooks: LoadHooks) {
    this.#options = options;
    this.#hooks = hooks;
    this.#serverPid = server?.pid;
    const slots = distribute(options.connections, Math.min(options.workers, options.connections));
    const amounts = distribute(options.amount ?? 0, slots.length);
    const lastSent = new Int32Array(new SharedArrayBuffer(4 * options.connections)).fill(-1);
    let firstSlot = 0;
    this.#threads = slots.map((count, index) => {
      const thread = this.#startThread(count, firstSlot, amounts[index]!, lastSent);
      firstSlot += count;
      return thread;
    });
    hooks.signal?.addEventListener('abort', () => this.cancel(), { once: true });
    if (hooks.signal?.aborted) this.cancel();
  }

  /** Ends the threads soon. */
  cancel(): void {
    Atomics.store(this.#cancel, 0, 1);
  }

  async finished(): Promise<LoadResult> {
    const outcomes = await Promise.all(this.#threads);
    const recorder = new Recorder();
    for (const each of this.#recorders) recorder.merge(each);
    return assemble(this.#options, outcomes, recorder, this.#begin, this.#end, this.#hooks.signal?.aborted ?? false);
  }

  #startThread(slots: number, firstSlot: number, amount: number, lastSent: Int32Array<SharedArrayBuffer>): Promise<ThreadOutcome> {
    const options = this.#options;
    const byAmount = options.amount !== undefined;
    const recorder = new Recorder();
    const live = new Float64Array(new SharedArrayBuffer(8));
    this.#recorders.push(recorder);
    this.#live.push(live);
    const start: ThreadStart = {
      target: options.target,
      transport: options.transport,
      workload: options.workload,
      framing: options.framing,
      sizeBytes: options.sizeBytes,
      work: options.work,
      plan: {
        slots,
        firstSlot,
        totalSlots: options.connections,
        pipelining: options.pipelining,
        warmupNs: byAmount ? 0 : options.warmupMs * 1e6,
        durationNs: options.durationMs * 1e6,
        amount: byAmount ? amount : Infinity,
        messagesPerConnection: options.messagesPerConnection ?? Infinity,
      },
      recorder: recorder.shared,
      lastSent,
      live,
      cancel: this.#cancel,
    };
    const worker = new Worker(new URL(`./thread${import.meta.url.slice(-3)}`, import.meta.url), { workerData: start });
    return new Promise((resolve, reject) => {
      worker.once('error', reject);
      worker.on('message', (message: ThreadMessage) => {
        if (message.state === 'measuring') this.#measuring();
        else if (message.state === 'measured') this.#measured();
        else if (message.state === 'done') resolve(message);
        else reject(new SockbenchError(message.code, message.message, { remedy: message.remedy }));
      });
      worker.once('exit', () => reject(new SockbenchError('E_LOAD', 'expected a result from the load generator thread, got none')));
    });
  }

  /** CPU use is taken here, between the same two instants as the messages it is divided by. */
  #window(): Window {
    const usage: TreeUsage | undefined = this.#serverPid === undefined ? undefined : treeUsage(this.#serverPid);
    const { user, system } = process.cpuUsage();
    return { atNs: performance.now() * 1e6, messages: this.#messages, clientCpuNs: (user + system) * 1000, server: usage };
  }

  get #messages(): number {
    return this.#live.reduce((sum, [messages = 0]) => sum + messages, 0);
  }

  #measuring(): void {
    this.#threadsMeasuring += 1;
    if (this.#threadsMeasuring < this.#threads.length) return;
    const begin = this.#window();
    this.#begin = begin;
    const messages = (): number => this.#messages;
    this.#hooks.onMeasuring?.({
      get messages() {
        return messages();
      },
      get elapsedMs() {
        return performance.now() - begin.atNs / 1e6;
      },
      latencyNs: (percentile) => {
        const merged = new Recorder();
        for (const each of this.#recorders) merged.merge(each);
        return merged.percentileNs(percentile);
      },
    });
  }

  #measured(): void {
    this.#threadsMeasured += 1;
    if (this.#threadsMeasured === 1) this.#end = this.#window();
  }
}

async function checkedTransport(name: string): Promise<string> {
  const obstacle = (await transports.load(name)).unavailable();
  if (obstacle === undefined) return name;
  throw new SockbenchError('E_TRANSPORT_UNAVAILABLE', `expected to use --transport ${name}; ${obstacle}`, {
    remedy: '--transport net works everywhere',
  });
}

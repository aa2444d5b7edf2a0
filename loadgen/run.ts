import { assemble, type ThreadOutcome, type Window } from './assemble.ts';
import { nowNs } from './clock.ts';
import { machineUsage } from './machine.ts';
import { distribute, type CompleteOptions } from './options.ts';
import { treeUsage } from './process-tree.ts';
import { Recorder } from './recorder.ts';
import { mapRecorders, newRecorders, type RecorderSet } from './recorder-set.ts';
import type { LoadResult } from './result.ts';
import { StartLine } from './start-line.ts';
import { sum } from './sum.ts';
import type { Threads } from './threads.ts';
import { sendingSlots, type Workload } from './workload.ts';

const PROGRESS_MS = 250;
const KIB = 1024;

/** How the run stands. */
export interface Progress {
  /** Messages measured so far. */
  readonly messages: number;
  readonly elapsedMs: number;
  readonly latencyNs: (percentile: number) => number;
}

export interface LoadHooks {
  /** Called when measuring begins, and four times a second from then on. */
  onProgress?(progress: Progress): void;
  /** Ends the run early; what was measured until then is the result. */
  signal?: AbortSignal;
}

/** What is known before the run. */
interface Known {
  /** The server's first process, where its use of CPU and memory is to be told. */
  serverPid: number | undefined;
  ceiling: number | undefined;
}

/** One run against a server that listens: sets the threads going, reads the clocks at both ends of the window, adds up. */
export class Run {
  readonly #options: CompleteOptions;
  readonly #workload: Workload;
  readonly #hooks: LoadHooks;
  readonly #known: Known;
  readonly #recorders: RecorderSet[] = [];
  readonly #live: Float64Array<SharedArrayBuffer>[] = [];
  readonly #cancel = new Int32Array(new SharedArrayBuffer(4));
  readonly #finishLine: StartLine;
  readonly #outcomes: Promise<ThreadOutcome>[];
  readonly #startedAtMs = Date.now();
  readonly #startedNs = nowNs();
  #threadsMeasuring = 0;
  #threadsMeasured = 0;
  #reports: NodeJS.Timeout | undefined;
  #begin: Window | undefined;
  #end: Window | undefined;

  constructor(threads: Threads, options: CompleteOptions, workload: Workload, known: Known, hooks: LoadHooks) {
    this.#options = options;
    this.#workload = workload;
    this.#hooks = hooks;
    this.#known = known;
    const { slots } = threads;
    const sends = sendingSlots(workload.roles(options), options.connections);
    const amounts = distribute(options.amount ?? 0, sends.filter(Boolean).length);
    const startLine = new StartLine(slots.length);
    this.#finishLine = new StartLine(slots.length);
    const shared = new SharedArrayBuffer(workload.sharedBytes?.(options) ?? 0);
    let firstSlot = 0;
    this.#outcomes = slots.map((count, index) => {
      const senders = sends.slice(firstSlot, firstSlot + count).filter(Boolean).length;
      const recorders = newRecorders(workload.histograms);
      const live = new Float64Array(new SharedArrayBuffer(8));
      this.#recorders.push(recorders);
      this.#live.push(live);
      const start = {
        options,
        connections: {
          slots: count,
          firstSlot,
          totalSlots: options.connections,
          amount: options.amount === undefined ? Infinity : sum(amounts.splice(0, senders)),
          messagesPerConnection: options.messagesPerConnection ?? Infinity,
        },
        threads: slots.length,
        startLine: startLine.shared,
        finishLine: this.#finishLine.shared,
        recorders: mapRecorders(recorders, (recorder) => recorder.shared),
        shared,
        live,
        cancel: this.#cancel,
      };
      firstSlot += count;
      return threads.run(index, start, (state) => (state === 'measuring' ? this.#measuring() : this.#measured()));
    });
    hooks.signal?.addEventListener('abort', this.#abort, { once: true });
    if (hooks.signal?.aborted) this.cancel();
  }

  readonly #abort = (): void => this.cancel();

  /** Ends the threads soon. */
  cancel(): void {
    this.#hooks.signal?.removeEventListener('abort', this.#abort);
    clearInterval(this.#reports);
    Atomics.store(this.#cancel, 0, 1);
    this.#finishLine.open(nowNs()); // one of the threads may have failed
  }

  async finished(): Promise<LoadResult> {
    const outcomes = await Promise.all(this.#outcomes);
    const recorders = newRecorders(this.#workload.histograms);
    for (const each of this.#recorders) for (const [name, from] of Object.entries(each)) recorders[name]!.merge(from);
    if (this.#options.hdr !== undefined) {
      const { writeHdrLog } = await import('./hdr-log.ts'); // its library takes longer to load than a short run
      const durationMs = (nowNs() - this.#startedNs) / 1e6;
      writeHdrLog(this.#options.hdr, recorders, { startedAtMs: this.#startedAtMs, durationMs });
    }
    const window = this.#begin && this.#end && { begin: this.#begin, end: this.#end };
    return assemble({
      options: this.#options,
      workload: this.#workload,
      outcomes,
      recorders,
      window,
      clientMemoryBytes: process.resourceUsage().maxRSS * KIB,
      ceiling: this.#known.ceiling,
      interrupted: this.#hooks.signal?.aborted ?? false,
    });
  }

  /** CPU use is taken here, between the same two instants as the messages it is divided by. */
  #window(): Window {
    const { serverPid } = this.#known;
    const server = serverPid === undefined ? undefined : treeUsage(serverPid);
    const { user, system } = process.cpuUsage();
    return {
      atNs: nowNs(),
      messages: this.#messages,
      clientCpuNs: (user + system) * 1000,
      clientKernelNs: system * 1000,
      server,
      machine: machineUsage(),
    };
  }

  get #messages(): number {
    return sum(this.#live.map(([messages = 0]) => messages));
  }

  #measuring(): void {
    this.#threadsMeasuring += 1;
    if (this.#threadsMeasuring < this.#outcomes.length) return;
    const begin = this.#window();
    this.#begin = begin;
    const report = (): void => this.#hooks.onProgress?.(this.#progress(begin));
    report();
    this.#reports = setInterval(report, PROGRESS_MS);
  }

  #progress({ atNs }: Window): Progress {
    const merged = new Recorder();
    for (const { responseTime } of this.#recorders) merged.merge(responseTime);
    return {
      messages: this.#messages,
      elapsedMs: (nowNs() - atNs) / 1e6,
      latencyNs: (percentile) => merged.percentileNs(percentile),
    };
  }

  #measured(): void {
    this.#threadsMeasured += 1;
    if (this.#threadsMeasured > 1) return;
    this.#end = this.#window();
    clearInterval(this.#reports);
  }
}

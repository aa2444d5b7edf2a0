// One measuring thread of the load generator. Nothing else runs in it; what it counts can be read from shared memory.
import { parentPort, workerData } from 'node:worker_threads';
import { describeError, SockbenchError } from '../errors/sockbench-error.ts';
import { asPerformanceNow } from './clock.ts';
import type { ConnectionsPlan } from './connections.ts';
import { GcWatch, type GcPauses } from './gc-pauses.ts';
import { Loop } from './loop.ts';
import type { CompleteOptions } from './options.ts';
import { Recorder } from './recorder.ts';
import { mapRecorders, type RecorderSet } from './recorder-set.ts';
import { sourceAddresses } from './source-addresses.ts';
import { StartLine } from './start-line.ts';
import type { Tally } from './tally.ts';
import { threadParts } from './thread-parts.ts';
import { transports, type Transport } from './transport.ts';
import { workloads } from './workload.ts';

/** What the thread is given when it starts. */
export interface ThreadSettings {
  transport: string;
  /** Its connections to a target. */
  slots: number;
  spinUs: number;
}

/** What it is given for each run; `leave` between two of them, `end` instead of another. */
export interface ThreadStart {
  options: CompleteOptions;
  connections: ConnectionsPlan;
  threads: number;
  startLine: SharedArrayBuffer;
  finishLine: SharedArrayBuffer;
  recorders: RecorderSet<SharedArrayBuffer>;
  shared: SharedArrayBuffer;
  /** Messages measured so far, for everyone who looks. */
  live: Float64Array<SharedArrayBuffer>;
  /** Not 0: stop measuring now. */
  cancel: Int32Array<SharedArrayBuffer>;
}

/** What it posts in each run, in this order; `failed` instead of any. */
export type ThreadMessage =
  | { state: 'measuring' }
  | { state: 'measured' }
  | {
      state: 'done';
      tally: Tally;
      measuredMessages: number;
      measuredNs: number;
      /** Messages of the first half of the duration; 0 where an amount was wanted. */
      firstHalfMessages: number;
      answeredBySlot: Float64Array;
      gcPauses: GcPauses;
    }
  | { state: 'failed'; code: string; message: string; remedy: string | undefined };

const post = (message: ThreadMessage): void => parentPort!.postMessage(message);

const { transport: transportName, slots, spinUs } = workerData as ThreadSettings;
const chosen = transports.load(transportName);
chosen.catch(() => {}); // the first run tells
/** By target: connections to all of them stay. */
const opened = new Map<string, Promise<Transport>>();

function open({ target: address }: CompleteOptions): Promise<Transport> {
  const key = `${address.host} ${address.port}`;
  const transport =
    opened.get(key) ??
    chosen.then((definition) =>
      definition.open({ address, nextSource: sourceAddresses(address.host), slots, spinNs: spinUs * 1000 }),
    );
  opened.set(key, transport);
  return transport;
}

async function measure(start: ThreadStart): Promise<void> {
  const { options, cancel, live, connections, shared } = start;
  const workload = await workloads.load(options.workload);
  const recorders = mapRecorders(start.recorders, (memory) => new Recorder(memory));
  const startLine = new StartLine(start.threads, start.startLine);
  const finishLine = new StartLine(start.threads, start.finishLine);
  const parts = threadParts(workload, options, { connections, startLine, finishLine, recorders, shared });
  const gc = new GcWatch();
  const byAmount = options.amount !== undefined;
  const drainNs = options.drainMs * 1e6;
  const plan = byAmount
    ? { warmupNs: 0, durationNs: Infinity, drainNs }
    : { warmupNs: options.warmupMs * 1e6, durationNs: options.durationMs * 1e6, drainNs };
  const loop = new Loop(plan, parts, {
    measuring() {
      live[0] = 0; // before anyone reads it: the last tick may have been of the warm-up
      post({ state: 'measuring' });
    },
    measured(messages) {
      live[0] = messages;
      post({ state: 'measured' });
    },
    tick(messages) {
      live[0] = messages;
      return Atomics.load(cancel, 0) !== 0;
    },
  });
  const carrier = await open(options);
  await loop.run(workload.wire?.(carrier, options, connections.firstSlot) ?? carrier);
  const { measuredMessages, measureStartNs, measuredNs, firstHalfMessages } = loop;
  post({
    state: 'done',
    tally: parts.tally,
    measuredMessages,
    measuredNs,
    firstHalfMessages,
    answeredBySlot: parts.connections.answeredBySlot,
    gcPauses: await gc.between(asPerformanceNow(measureStartNs), asPerformanceNow(measureStartNs + measuredNs)),
  });
}

function fail(error: unknown): void {
  const { code = 'E_LOAD', remedy } = error instanceof SockbenchError ? error : {};
  post({ state: 'failed', code, message: describeError(error), remedy });
}

parentPort!.on('message', (message: ThreadStart | 'leave' | 'end') => {
  if (typeof message === 'object') {
    void measure(message).catch(fail);
    return;
  }
  if (message === 'end') parentPort!.close();
  for (const transport of opened.values()) {
    void transport.then(
      (carrier) => carrier.end(),
      () => {},
    ); // one that could not be opened has told so
  }
  opened.clear();
});

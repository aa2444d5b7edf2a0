// One measuring thread of the load generator. Nothing else runs in it; what it counts can be read from shared memory.
import { parentPort, workerData } from 'node:worker_threads';
import { byName } from '../framing/framing.ts';
import { describeError, SockbenchError } from '../errors/sockbench-error.ts';
import { ClosedLoop, type LoopPlan } from './closed-loop.ts';
import type { ExchangeContext } from './exchange.ts';
import { Payloads } from './payloads.ts';
import { Recorder } from './recorder.ts';
import { newTally, type Tally } from './tally.ts';
import { transports } from './transport.ts';
import { workloads } from './workload.ts';

/** What the thread is given. */
export interface ThreadStart {
  target: { host: string; port: number };
  transport: string;
  workload: string;
  framing: string;
  sizeBytes: number;
  work: number;
  plan: LoopPlan;
  recorder: SharedArrayBuffer;
  lastSent: Int32Array<SharedArrayBuffer>;
  /** Messages measured so far, for everyone who looks. */
  live: Float64Array<SharedArrayBuffer>;
  /** Not 0: stop measuring now. */
  cancel: Int32Array<SharedArrayBuffer>;
}

/** What it posts, in this order; `failed` instead of any. */
export type ThreadMessage =
  | { state: 'measuring' }
  | { state: 'measured' }
  | { state: 'done'; tally: Tally; measuredMessages: number; measuredNs: number; answeredBySlot: Float64Array }
  | { state: 'failed'; code: string; message: string; remedy: string | undefined };

const post = (message: ThreadMessage): void => parentPort!.postMessage(message);

async function measure(start: ThreadStart): Promise<void> {
  const { plan, cancel, live } = start;
  const [workload, transport] = await Promise.all([workloads.load(start.workload), transports.load(start.transport)]);
  const framing = byName(start.framing, { sizeBytes: start.sizeBytes, limitBytes: Math.max(start.sizeBytes, 1 << 20) });
  const payloads = new Payloads(framing, start.sizeBytes, workload.replyTo(start));
  const recorder = new Recorder(start.recorder);
  const tally = newTally();
  const { totalSlots, pipelining: depth } = plan;
  const context: ExchangeContext = { framing, payloads, recorder, tally, depth, totalSlots, lastSent: start.lastSent };
  const exchanges = Array.from({ length: plan.slots }, (_, slot) => workload.exchange(context, plan.firstSlot + slot));
  const loop = new ClosedLoop(plan, exchanges, recorder, tally, {
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
  await loop.run(transport.open(start.target, plan.slots, loop));
  const { measuredMessages, measuredNs, answeredBySlot } = loop;
  post({ state: 'done', tally, measuredMessages, measuredNs, answeredBySlot });
}

await measure(workerData as ThreadStart).catch((error: unknown) => {
  const { code = 'E_LOAD', remedy } = error instanceof SockbenchError ? error : {};
  post({ state: 'failed', code, message: describeError(error), remedy });
});

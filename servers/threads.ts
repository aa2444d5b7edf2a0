import { once } from 'node:events';
import { Worker, type TransferListItem } from 'node:worker_threads';
import type { Service, ServiceSpec, SharedCounts } from './service.ts';

/** What member.ts finds in its workerData. */
export interface MemberStart {
  spec: ServiceSpec;
  /** Absent in a process, which counts for itself. */
  counts?: SharedCounts;
  data: unknown;
}

export interface MemberThread {
  readonly worker: Worker;
  /** The thread runs and is about to call the model's `member`. */
  readonly started: Promise<void>;
  /** Resolves when `member` has returned; rejects with what it threw. */
  readonly exited: Promise<void>;
}

/** Runs the `member` function of the service's model in a new thread. `data` is cloned, SharedArrayBuffers are shared, what is in `transferred` moves. */
export function startThread(service: Service, data: unknown, transferred: TransferListItem[] = []): MemberThread {
  const counts = { closings: service.closings.shared, places: service.places.shared };
  const start: MemberStart = { spec: service.spec, counts, data };
  const worker = new Worker(new URL(`./member${import.meta.url.slice(-3)}`, import.meta.url), {
    workerData: start,
    transferList: transferred,
  });
  const exited = new Promise<void>((resolve, reject) => {
    worker.once('error', reject);
    worker.once('exit', () => resolve());
  });
  const started = Promise.race([once(worker, 'message').then(() => undefined), exited]);
  return { worker, started, exited };
}

import { SockbenchError } from '../errors/sockbench-error.ts';
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
  /** The thread runs and is about to call the model's `member`. Rejects when it doesn't get there. */
  readonly started: Promise<void>;
  /** `member` has returned, or thrown: then the service has failed. */
  readonly exited: Promise<void>;
}

/**
 * Runs the `member` function of the service's model in a new thread. `data` is cloned, SharedArrayBuffers are shared, what is in
 * `transferred` moves. Throws where the system allows no more threads.
 */
export function startThread(service: Service, data: unknown, transferred: TransferListItem[] = []): MemberThread {
  const counts = { closings: service.closings.shared, places: service.places.shared };
  const start: MemberStart = { spec: service.spec, counts, data };
  const worker = new Worker(new URL(`./member${import.meta.url.slice(-3)}`, import.meta.url), {
    workerData: start,
    transferList: transferred,
  });
  const started = new Promise<void>((resolve, reject) => {
    worker.once('message', () => resolve());
    worker.once('error', reject);
    worker.once('exit', () => reject(new SockbenchError('E_WORKER_DIED', 'expected the thread to serve, it ended')));
  });
  started.then(
    () => worker.once('error', (error) => service.failure.is(error)),
    () => {}, // whoever wants to know awaits it
  );
  const exited = new Promise<void>((resolve) => void worker.once('exit', () => resolve()));
  return { worker, started, exited };
}

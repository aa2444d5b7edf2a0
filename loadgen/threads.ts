import { Worker } from 'node:worker_threads';
import { SockbenchError } from '../errors/sockbench-error.ts';
import type { ThreadOutcome } from './assemble.ts';
import { distribute, type CompleteOptions } from './options.ts';
import type { ThreadMessage, ThreadSettings, ThreadStart } from './thread.ts';

/**
 * The threads of the load generator with their connections, which stay from one run to the next. They start at once; each run
 * says where to connect to.
 */
export class Threads {
  /** How many connections to a target each has. */
  readonly slots: readonly number[];
  readonly #workers: readonly Worker[];

  constructor({ connections, workers, transport, spinUs }: Omit<CompleteOptions, 'target'>) {
    this.slots = distribute(connections, Math.min(workers, connections));
    this.#workers = this.slots.map((slots) => {
      const settings: ThreadSettings = { transport, slots, spinUs };
      return new Worker(new URL(`./thread${import.meta.url.slice(-3)}`, import.meta.url), { workerData: settings });
    });
  }

  /** One run of the thread of this number. Rejects when it fails. */
  run(thread: number, start: ThreadStart, told: (state: 'measuring' | 'measured') => void): Promise<ThreadOutcome> {
    const worker = this.#workers[thread]!;
    return new Promise<ThreadOutcome>((resolve, reject) => {
      const ended = (): void => reject(new SockbenchError('E_LOAD', 'expected a result from the load generator thread, got none'));
      const settled = (): unknown => worker.off('message', listen).off('error', reject).off('exit', ended);
      const listen = (message: ThreadMessage): void => {
        if (message.state === 'measuring' || message.state === 'measured') {
          told(message.state);
          return;
        }
        settled();
        if (message.state === 'done') resolve(message);
        else reject(new SockbenchError(message.code, message.message, { remedy: message.remedy }));
      };
      worker.on('message', listen).once('error', reject).once('exit', ended);
      worker.postMessage(start);
    });
  }

  /** Closes the connections. No run may go on. */
  leave(): void {
    for (const worker of this.#workers) worker.postMessage('leave');
  }

  /** Closes the connections, as soon as the runs that go on are over, and the threads. */
  end(): void {
    for (const worker of this.#workers) worker.postMessage('end');
  }
}

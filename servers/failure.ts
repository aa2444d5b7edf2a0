import { inspect } from 'node:util';

/** What makes a process unable to go on: one of its threads has thrown, and nobody knows what that leaves in memory and sockets of all. */
export class Failure {
  /** Resolves when it has happened. */
  readonly happened: Promise<void>;
  #happens!: () => void;

  constructor() {
    this.happened = new Promise((resolve) => (this.#happens = resolve));
  }

  /** Says on stderr what a thread has thrown. */
  is(error: unknown): void {
    process.stderr.write(`a thread has failed, and its process ends: ${inspect(error)}\n`);
    this.#happens();
  }
}

/** Callbacks of a loop that sleeps in a system call: it asks how long it may sleep, and calls those whose time has come. */
export class Timers {
  /** By time, the next one last. */
  readonly #waiting: { dueMs: number; callback: () => void }[] = [];

  after(delayMs: number, callback: () => void): void {
    const dueMs = performance.now() + delayMs;
    let at = 0;
    while (at < this.#waiting.length && this.#waiting[at]!.dueMs > dueMs) at += 1; // delays are alike: seldom more than a step
    this.#waiting.splice(at, 0, { dueMs, callback });
  }

  /** Again and again, until the loop ends; never, when the time between is Infinity. */
  every(periodMs: number, callback: () => void): void {
    if (periodMs === Infinity) return;
    this.after(periodMs, () => {
      callback();
      this.every(periodMs, callback);
    });
  }

  /** Time until the next callback, 0 if it is due; Infinity when there is none. */
  get nextMs(): number {
    const next = this.#waiting.at(-1);
    return next === undefined ? Infinity : Math.max(0, next.dueMs - performance.now());
  }

  callDue(): void {
    while (this.nextMs === 0) this.#waiting.pop()!.callback();
  }
}

/** A counting semaphore between threads, in shared memory (Dijkstra 1965): who finds nothing sleeps in Atomics.wait, a futex. */
export class Semaphore {
  readonly shared: Int32Array<SharedArrayBuffer>;

  /** One that so many may hold at once, or one that another thread has made. */
  constructor(from: number | Int32Array<SharedArrayBuffer>) {
    this.shared = typeof from === 'number' ? new Int32Array(new SharedArrayBuffer(4)).fill(from) : from;
  }

  /** Waits while as many as may hold it do. */
  acquire(): void {
    while (!this.tryAcquire()) Atomics.wait(this.shared, 0, 0);
  }

  /** Never waits. Returns whether it was free. */
  tryAcquire(): boolean {
    for (let free = Atomics.load(this.shared, 0); free > 0; free = Atomics.load(this.shared, 0)) {
      if (Atomics.compareExchange(this.shared, 0, free, free - 1) === free) return true;
    }
    return false;
  }

  release(): void {
    Atomics.add(this.shared, 0, 1);
    Atomics.notify(this.shared, 0, 1);
  }
}

import { onTestFinished, vi } from 'vitest';

/** The load generator's time, which passes only when it is told to. In whole ms, so that it is exact in ns. */
export class HandClock {
  nowMs = 1000;

  /** Takes the place of the real one until the test is over. */
  constructor() {
    const spy = vi.spyOn(performance, 'now').mockImplementation(() => this.nowMs);
    onTestFinished(() => spy.mockRestore());
  }
}

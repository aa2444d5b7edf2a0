import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Timers } from '../../../servers/timers.ts';

describe('timers of a loop', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
  afterEach(() => void vi.useRealTimers());

  test('say that the loop may sleep for ever when there are none', () => {
    expect(new Timers().nextMs).toBe(Infinity);
  });

  test('call back when the time has come, not before, in the order of their times', () => {
    const timers = new Timers();
    const called: string[] = [];
    for (const [name, delayMs] of [['second', 20] as const, ['first', 10] as const, ['third', 20] as const]) {
      timers.after(delayMs, () => called.push(name));
    }
    expect(timers.nextMs).toBe(10);
    vi.advanceTimersByTime(9);
    timers.callDue();
    expect(called).toEqual([]);
    vi.advanceTimersByTime(1);
    timers.callDue();
    expect(called).toEqual(['first']);
    expect(timers.nextMs).toBe(10);
    vi.advanceTimersByTime(15);
    timers.callDue();
    expect(called).toEqual(['first', 'second', 'third']);
    expect(timers.nextMs).toBe(Infinity);
  });

  test('take new ones while they call back', () => {
    const timers = new Timers();
    const called: number[] = [];
    const again = (): void => {
      called.push(performance.now());
      if (called.length < 3) timers.after(10, again);
    };
    timers.after(10, again);
    for (let step = 0; step < 5; step += 1) {
      vi.advanceTimersByTime(10);
      timers.callDue();
    }
    expect(called.map((atMs) => atMs - called[0]!)).toEqual([0, 10, 20]);
  });

  test('call back again and again, or never', () => {
    const timers = new Timers();
    const called: number[] = [];
    timers.every(10, () => called.push(performance.now()));
    timers.every(Infinity, () => called.push(NaN));
    for (let step = 0; step < 6; step += 1) {
      vi.advanceTimersByTime(5);
      timers.callDue();
    }
    expect(called.map((atMs) => atMs - called[0]!)).toEqual([0, 10, 20]);
  });
});

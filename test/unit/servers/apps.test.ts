import { describe, expect, test } from 'vitest';
import { apps, type AppOptions } from '../../../servers/app.ts';

const options: AppOptions = { work: 1, delayMs: 7, slowShare: 0.1 };
const message = (number: number): Buffer => Buffer.from(`${String(number).padStart(11, '0')} and a body`);

describe('the wait app', () => {
  test('gives every message back after the delay', async () => {
    const handle = (await apps.load('wait')).create(options);
    expect(handle(message(1))).toEqual({ to: 'sender', payload: message(1), afterMs: 7 });
  });
});

describe('the mixed app', () => {
  test('delays the share of messages that it is told to, the same ones each time', async () => {
    const handle = (await apps.load('mixed')).create(options);
    const slow = (number: number): boolean => handle(message(number)).afterMs === 7;
    const numbers = Array.from({ length: 10_000 }, (_, number) => number);
    const found = numbers.filter(slow);
    expect(found.length / numbers.length).toBeCloseTo(0.1, 1.5);
    expect(numbers.filter(slow)).toEqual(found);
  });

  test('decides by the first 11 bytes, whatever follows', async () => {
    const handle = (await apps.load('mixed')).create({ ...options, slowShare: 0.5 });
    const number = Array.from({ length: 50 }, (_, each) => each).find((each) => handle(message(each)).afterMs !== undefined)!;
    expect(handle(Buffer.concat([message(number), Buffer.from('more')])).afterMs).toBe(7);
  });

  test.each([0, 1])('with a share of %d delays none, or all', async (slowShare) => {
    const handle = (await apps.load('mixed')).create({ ...options, slowShare });
    for (let number = 0; number < 1000; number += 1) expect(handle(message(number)).afterMs).toBe(slowShare === 1 ? 7 : undefined);
  });
});

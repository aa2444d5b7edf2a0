import { describe, expect, test } from 'vitest';
import { capacity, checkWorkers, connectionsInProcess } from '../../../servers/capacity.ts';
import { resolveService, serviceDefaults } from '../../../servers/service.ts';

const GIBIBYTE = 2 ** 30;

/** A machine on which nothing is scarce but what a test makes so. */
const plenty = { memoryBytes: 1000 * GIBIBYTE, mapsBytes: Infinity, descriptors: Infinity, cpus: 4 };

describe('a server has as many engines', () => {
  test('as half of the memory holds at 32 MiB each', () => {
    expect(capacity({ ...plenty, memoryBytes: 8 * GIBIBYTE })).toEqual({ engines: 128, starting: 4 });
  });

  test('as find addresses, a GiB each, where the process may not have as many as it likes, and has 2.5 GiB itself', () => {
    expect(capacity({ ...plenty, mapsBytes: 30 * GIBIBYTE })).toEqual({ engines: 27, starting: 4 });
  });

  test('as descriptors are enough for, five each, 24 for each that starts and 28 for the first process', () => {
    expect(capacity({ ...plenty, descriptors: 28 + 4 * 24 + 5 * 100 })).toEqual({ engines: 100, starting: 4 });
  });

  test('as are left when half of the descriptors are for those that start', () => {
    expect(capacity({ ...plenty, descriptors: 28 + 4 * 24 })).toEqual({ engines: 9, starting: 2 });
  });

  test('as one, however small the machine', () => {
    expect(capacity({ memoryBytes: 0, mapsBytes: 0, descriptors: 0, cpus: 1 })).toEqual({ engines: 1, starting: 1 });
  });
});

test('a process has as many connections as it has descriptors beside its own 32, and room for one at least', () => {
  expect([1024, 33, 10].map(connectionsInProcess)).toEqual([992, 1, 1]);
  expect(connectionsInProcess(Infinity)).toBe(Infinity);
});

describe('more workers than the machine bears', () => {
  test('are an error that says how many it bears, and why', async () => {
    const refusal = expect.objectContaining({
      code: 'E_WORKERS',
      message: expect.stringMatching(/^workers: expected at most \d+ on this machine \(32 MiB each in half .*\), got 100000$/),
      remedy: expect.any(String),
    });
    expect(() => checkWorkers(100_000)).toThrow(refusal);
    await expect(resolveService({ ...serviceDefaults, workers: 100_000 })).rejects.toThrow(refusal);
  });

  test('are not as many as it bears', () => {
    expect(() => checkWorkers(capacity().engines)).not.toThrow();
  });
});

import { expect, test } from 'vitest';
import { Semaphore } from '../../../servers/semaphore.ts';

test('a semaphore counts in shared memory how often it may still be acquired', () => {
  const semaphore = new Semaphore(2);
  const elsewhere = new Semaphore(semaphore.shared);
  semaphore.acquire();
  elsewhere.acquire();
  expect(semaphore.shared[0]).toBe(0);
  semaphore.release();
  expect(elsewhere.shared[0]).toBe(1);
});

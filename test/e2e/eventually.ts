import { setTimeout as delay } from 'node:timers/promises';

/** Only ever reached by a failing test: generous, so that a loaded machine doesn't fail one. */
export const DEADLINE_MS = 60_000;

/** Waits until `condition` holds. Throws, naming what it waited for, when that takes too long. */
export async function eventually(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`waited ${DEADLINE_MS / 1000} s in vain until ${what}`);
    await delay(5);
  }
}

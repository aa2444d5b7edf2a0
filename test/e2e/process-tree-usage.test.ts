/** The cost of a server, against programs that use a known amount. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, test } from 'vitest';
import { treeUsage, type TreeUsage } from '../../loadgen/process-tree.ts';
import { posixUnavailable } from '../../posix/libc.ts';

const BURNT_MS = 300;
/** From the end of the burning to the end of a process: Node takes a while to leave. */
const LEAVING_MS = 100;

/** Uses so much CPU time in all, its start included, and ends. */
const burn = `
  const used = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1000; };
  while (used() < ${BURNT_MS}); process.exit();`;
const burnInThread = `
  const { Worker } = require('node:worker_threads');
  new Worker(\`const start = process.cpuUsage().user; while (process.cpuUsage().user - start < ${BURNT_MS} * 1000);\`, { eval: true })
    .once('exit', done);`;
const burnInChild = `
  require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(burn)}]).once('exit', done);`;
/** Does it when told to, says when it is over, and stays. */
const program = (deed: string): string =>
  `const used = () => { const { user, system } = process.cpuUsage(); return user + system; };
   const done = () => console.log(used() - begin); let begin;
   process.stdin.once('data', () => { begin = used(); ${deed} }); console.log('ready');`;

let child: ChildProcess;
afterEach(() => void child.kill('SIGKILL'));

/** What the program has used before and after, and what it says itself of the time between. */
async function usageAround(deed: string): Promise<{ before: TreeUsage; after: TreeUsage; ownMs: number }> {
  child = spawn(process.execPath, ['-e', program(deed)], { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(child.stdout!, 'data');
  const before = treeUsage(child.pid!)!;
  child.stdin!.write('go');
  const [said] = (await once(child.stdout!, 'data')) as [Buffer];
  return { before, after: treeUsage(child.pid!)!, ownMs: Number(said) / 1000 };
}

describe.skipIf(posixUnavailable !== undefined)('the usage of a process tree', () => {
  test('counts what a child has used that has ended', async () => {
    const { before, after } = await usageAround(burnInChild);
    const usedMs = (after.cpuNs - before.cpuNs) / 1e6;
    expect(usedMs).toBeGreaterThanOrEqual(BURNT_MS - 10); // children's times are told in ticks of 10 ms
    expect(usedMs).toBeLessThan(BURNT_MS + 2 * LEAVING_MS);
    expect(after.processes).toBe(1);
  });

  test('counts what a thread has used that has ended', async () => {
    const { before, after, ownMs } = await usageAround(burnInThread);
    expect(ownMs).toBeGreaterThanOrEqual(BURNT_MS);
    expect(Math.abs((after.cpuNs - before.cpuNs) / 1e6 - ownMs)).toBeLessThan(LEAVING_MS);
  });

  test('tells time in the kernel from time outside', async () => {
    const { before, after } = await usageAround(`
      const { openSync, readSync } = require('node:fs');
      const zeros = openSync('/dev/zero'), buffer = Buffer.alloc(1 << 22);
      const start = process.cpuUsage().system;
      while (process.cpuUsage().system - start < ${BURNT_MS} * 1000) readSync(zeros, buffer);
      done();`);
    const share = (after.kernelTicks - before.kernelTicks) / (after.ticks - before.ticks);
    expect(share).toBeGreaterThan(0.5); // the rest is JavaScript around the calls
  });

  test('counts the times that a thread has waited', async () => {
    const WAITS = 50;
    const { before, after } = await usageAround(`
      const word = new Int32Array(new SharedArrayBuffer(4));
      for (let wait = 0; wait < ${WAITS}; wait += 1) Atomics.wait(word, 0, 0, 1);
      done();`);
    const waits = (usage: TreeUsage): number => usage.threads.get(child.pid!)!.voluntarySwitches;
    expect(waits(after) - waits(before)).toBeGreaterThanOrEqual(WAITS);
    expect(waits(after) - waits(before)).toBeLessThan(WAITS + 50);
  });
});

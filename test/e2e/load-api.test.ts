/** `import { load } from 'sockbench'`, as a program that depends on the package has it. */
import { load, type Progress } from 'sockbench';
import { expect, test } from 'vitest';
import { echo, listenFor } from './load-target.ts';

test('resolves to the result that --json prints; what is left out has its default', async () => {
  const { host, port } = await listenFor(echo);
  const result = await load({ target: { host, port }, amount: 30 });
  expect(result).toMatchObject({ messages: 30, connections: { opened: 10, served: 10 }, valid: true });
  expect(result.options).toMatchObject({ workload: 'echo', framing: 'line', connections: 10, pipelining: 1, sizeBytes: 64 });
});

test('tells how it stands, and ends with what it has when it is aborted', async () => {
  const { host, port } = await listenFor(echo);
  const abort = new AbortController();
  const told: Progress[] = [];
  const onProgress = (progress: Progress): void => {
    told.push(progress);
    if (progress.messages > 0) abort.abort();
  };
  const result = await load({ target: { host, port }, durationMs: 600_000, warmupMs: 0 }, { onProgress, signal: abort.signal });
  expect(result.interrupted).toBe(true);
  expect(result.durationMs).toBeLessThan(600_000);
  const last = told.at(-1)!;
  expect(result.messages).toBeGreaterThanOrEqual(last.messages);
  expect(last.latencyNs(0.5)).toBeGreaterThan(0);
  expect(last.elapsedMs).toBeGreaterThan(0);
});

test('rejects, with a code, what can not be done', async () => {
  const { host, port } = await listenFor(echo);
  const target = { host, port };
  await expect(load({})).rejects.toMatchObject({ code: 'E_TARGET' });
  await expect(load({ target, workload: 'eccho' })).rejects.toMatchObject({ code: 'E_UNKNOWN_NAME', remedy: 'nearest: echo' });
  await expect(load({ target, expect: '(' })).rejects.toMatchObject({ code: 'E_OPTION' });
  await expect(load({ target, payload: '/nowhere/message' })).rejects.toMatchObject({ code: 'E_PAYLOAD' });
  await expect(load({ target, workload: 'chat', expect: 'any', framing: 'length' })).rejects.toMatchObject({ code: 'E_OPTION' });
  await expect(load({ target, workload: 'echo', rate: 5 })).rejects.toMatchObject({ code: 'E_OPTION' });
  await expect(load({ target, workload: 'rate', rate: 0 })).rejects.toMatchObject({ code: 'E_OPTION' });
});

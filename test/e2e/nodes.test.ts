/** Models on other versions of Node than the one that measures. */
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { workloads } from '../../loadgen/workload.ts';

const compiled = (path: string): string => fileURLToPath(new URL(`../../dist/${path}`, import.meta.url));
const { runTrial } = (await import(compiled('bench/runner.js'))) as typeof import('../../bench/runner.ts');
const { chooseSubjects } = (await import(compiled('bench/subjects.js'))) as typeof import('../../bench/subjects.ts');

test('a model is started with the binary that was asked for, and its row says which version that is', async () => {
  const [subject] = await chooseSubjects({ models: ['event-loop'], references: false, nodes: [process.execPath] });
  expect(subject!.name).toBe(`event-loop on ${process.version}`);
  expect((await subject!.command({}))[0]).toBe(process.execPath);
  const cell = { title: subject!.name, subject: subject!, workload: await workloads.load('echo'), knobs: { connections: 1 } };
  const settings = { framing: 'length', durationMs: 1000, warmupMs: 0, amount: 10 };
  expect(await runTrial(cell, settings, new AbortController().signal)).toMatchObject({ state: 'measured' });
});

test.each(['/bin/true', '/no/such/node'])('what is no Node, such as %s, is refused', async (path) => {
  await expect(chooseSubjects({ models: ['event-loop'], references: false, nodes: [path] })).rejects.toMatchObject({
    code: 'E_NODE',
    message: expect.stringContaining(path),
  });
});

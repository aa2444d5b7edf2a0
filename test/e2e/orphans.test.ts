/** Nothing survives whoever started it, however abruptly that one ends: a killed bench must not leave servers behind. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { models, unavailable } from '../../servers/registry.ts';
import { byName } from '../../framing/framing.ts';
import type { ReadyLine } from '../../servers/serve.ts';
import { TestClient } from './client.ts';
import { eventually } from './eventually.ts';
import { isGone, processTree, withoutProc } from './process-tree.ts';
import { ServerProcess } from './server-process.ts';
import { sampleOfModels } from './thoroughness.ts';

/** Compiled, because what it starts is. */
const starterEntry = fileURLToPath(new URL('../../dist/test/e2e/doomed-starter.js', import.meta.url));

describe.each(await models.all())('a server of the model $name', (model) => {
  test('ends, with all its threads and processes, when the process that started it is killed', async (context) => {
    const obstacle = unavailable(model);
    if (obstacle !== undefined) context.skip(obstacle);
    const starter = startDoomed({ model: model.name });
    const { pid, host, port } = (await firstLine(starter)) as ReadyLine;
    const client = await TestClient.connect({ host, port }, { framing: byName('line'), sizeBytes: 64 });
    onTestFinished(() => client.destroy());
    await client.send(client.compose(1));
    await client.receive(1);
    const tree = processTree(pid);
    expect(tree[0]?.pid).toBe(pid);
    starter.kill('SIGKILL');
    await eventually(`no process of ${model.name} is left`, () => tree.every(isGone));
    await client.dropped();
  });
});

describe.each(await sampleOfModels())('a server of the model $name', (model) => {
  test('ends when the process that started it is killed before it listens', async (context) => {
    const obstacle = unavailable(model);
    if (obstacle !== undefined) context.skip(obstacle);
    const starter = startDoomed({ model: model.name }, 'at-once');
    // Its end of the pipe closes when the last process that inherited it has ended.
    const closed = once(starter, 'close');
    await firstLine(starter);
    await closed;
  });
});

describe('a server whose starter has ended already', () => {
  test('does not start', async () => {
    const starter = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
    await once(starter, 'exit');
    const server = startOrphan(starter.pid!);
    expect(await server.exited).toEqual({ code: 1, signal: null });
  });

  test('does not start when nobody has noticed that end either', async (context) => {
    if (withoutProc !== undefined) context.skip(withoutProc);
    // `sleep` takes the shell's place and doesn't know that it has a child.
    const oblivious = spawn('sh', ['-c', 'true & echo $!; exec sleep 1000'], { stdio: ['ignore', 'pipe', 'inherit'] });
    onTestFinished(() => void oblivious.kill());
    const zombie = (await firstLine(oblivious)) as number;
    await eventually('the child has ended', () => processTree(zombie).every(isGone));
    const server = startOrphan(zombie);
    expect(await server.exited).toEqual({ code: 1, signal: null });
  });
});

function startOrphan(starterPid: number): ServerProcess {
  const server = new ServerProcess({}, { starterPid });
  onTestFinished(() => server.kill());
  return server;
}

function startDoomed(spec: object, ...rest: string[]): ChildProcess {
  const starter = spawn(process.execPath, [starterEntry, JSON.stringify(spec), ...rest], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void starter.kill('SIGKILL'));
  return starter;
}

async function firstLine({ stdout }: ChildProcess): Promise<unknown> {
  const [line] = (await once(createInterface(stdout!), 'line')) as [string];
  return JSON.parse(line);
}

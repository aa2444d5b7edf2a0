/** What is peculiar to models over a completion ring: the kernel may forbid it, and accepting doesn't stop by itself. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { byName } from '../../framing/framing.ts';
import { starterEnvironment } from '../../servers/lifetime.ts';
import { models, unavailable } from '../../servers/registry.ts';
import { TestClient } from './client.ts';
import { eventually } from './eventually.ts';
import { ownHost, ServerProcess } from './server-process.ts';

const DESCRIPTORS = 64;
const EXCHANGES = 20;
/** System calls that the ring makes for an exchange, and for each attempt to accept; twice what was seen. */
const CALLS_AN_EXCHANGE = 4;
const CALLS_A_SECOND = 80;

const overRing = (await models.all()).filter(({ capabilities }) => capabilities.requires?.includes('io_uring'));

const without = (...programs: string[]): string | undefined =>
  programs.find((program) => spawnSync(program, ['--version']).error !== undefined);

function startUnder(model: string, under: readonly string[]): ServerProcess {
  const server = new ServerProcess({ model, host: ownHost() }, starterEnvironment(), under);
  onTestFinished(() => server.kill());
  return server;
}

/** Connected, and gone after the test. */
async function connectTo(server: ServerProcess): Promise<TestClient> {
  const client = await TestClient.connect(server.ready, { framing: byName('line'), sizeBytes: 64 });
  onTestFinished(() => client.destroy());
  return client;
}

async function exchange(client: TestClient): Promise<void> {
  const messages = client.compose(1);
  await client.send(messages);
  expect(await client.receive(1)).toEqual(messages);
}

/** A server that has used up its descriptors, and clients connected to it, the last of whom it has not accepted. */
async function crowd(model: string, under: readonly string[]): Promise<{ server: ServerProcess; clients: TestClient[] }> {
  const server = await startUnder(model, [...under, 'prlimit', `--nofile=${DESCRIPTORS}`]).listening();
  const clients: TestClient[] = [];
  while (clients.length < DESCRIPTORS) clients.push(await connectTo(server));
  const folder = `/proc/${server.ready.pid}/fd`;
  await eventually('no descriptor is left', () => readdirSync(folder).length >= DESCRIPTORS);
  return { server, clients };
}

describe.each(overRing)('the model $name', (model) => {
  const missing = unavailable(model);

  test.skipIf(missing ?? without('strace')).each([
    ['EPERM', 'needs io_uring, which is forbidden here'],
    ['ENOSYS', 'needs io_uring, which this kernel lacks or a container hides'],
    ['EINVAL', 'needs io_uring as of Linux 5.19'],
  ])('says why and exits with 2 where setting up a ring fails with %s', async (errno, reason) => {
    const faults = ['-e', 'trace=io_uring_setup', '-e', `inject=io_uring_setup:error=${errno}`];
    const server = startUnder(model.name, ['strace', '-f', '-qq', '-o', '/dev/null', ...faults]);
    expect(await server.exited).toEqual({ code: 2, signal: null });
    expect(server.stderr).toContain(`E_MODEL_UNAVAILABLE: expected to run ${model.name}; it ${reason}`);
    expect(server.stdout).toBe('');
  });

  test.skipIf(missing ?? without('prlimit'))('serves others, when no descriptor is left, as soon as some have gone', async () => {
    const { clients } = await crowd(model.name, []);
    await exchange(clients[0]!);
    const last = clients.pop()!;
    const exchanged = exchange(last);
    await Promise.all(clients.map((client) => client.leave()));
    await exchanged;
  });

  test.skipIf(missing ?? without('prlimit'))('stops also while no descriptor is left', async () => {
    const { server, clients } = await crowd(model.name, []);
    const left = Promise.all(clients.map((client) => client.dropped()));
    server.signal('SIGTERM');
    expect(await server.exited).toEqual({ code: 0, signal: null });
    await left;
  });

  test.skipIf(missing ?? without('prlimit', 'strace'))('does not spin while no descriptor is left', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sockbench-trace-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const trace = join(folder, 'strace');
    const { clients } = await crowd(model.name, ['strace', '-f', '-qq', '-e', 'trace=io_uring_enter', '-o', trace]);
    const calls = (): number => readFileSync(trace, 'latin1').split('io_uring_enter(').length - 1;
    const [callsBefore, before] = [calls(), performance.now()];
    for (let count = 0; count < EXCHANGES; count += 1) await exchange(clients[0]!);
    const seconds = (performance.now() - before) / 1000;
    expect(calls() - callsBefore).toBeLessThan(CALLS_AN_EXCHANGE * EXCHANGES + CALLS_A_SECOND * (seconds + 1));
  });
});

/** select(2) can't watch descriptors past 1023: clients beyond are refused, and nobody else notices. */
import { expect, onTestFinished, test } from 'vitest';
import { descriptorLimit } from '../../posix/resource-limits.ts';
import { apps } from '../../servers/app.ts';
import { models, unavailable } from '../../servers/registry.ts';
import type { TestClient } from './client.ts';
import { Subject } from './subject.ts';

const FD_SETSIZE = 1024;
/** What a server holds beside its connections is fewer. */
const OWN_DESCRIPTORS = 100;
const CLIENTS = FD_SETSIZE + OWN_DESCRIPTORS;

test('select refuses clients past its limit, serves the others on, and accepts again when some have left', async (context) => {
  const [model, app] = [await models.load('select'), await apps.load('echo')];
  const obstacle = unavailable(model) ?? (descriptorLimit() < 2 * CLIENTS ? 'needs more descriptors: ulimit -n' : undefined);
  if (obstacle !== undefined) context.skip(obstacle);
  const subject = new Subject({ model, app, framing: 'line' });
  onTestFinished(() => subject.cleanUp());
  const server = await subject.start();
  const clients: TestClient[] = [];
  for (let count = 0; count < CLIENTS; count += 1) clients.push(await subject.connect(server));
  const served = await Promise.all(clients.map((client) => isServed(subject, client)));
  const seated = clients.filter((_, index) => served[index]);
  expect(seated.length).toBeGreaterThan(FD_SETSIZE - OWN_DESCRIPTORS);
  expect(seated.length).toBeLessThan(FD_SETSIZE);
  for (const client of seated) await subject.exchange(client);

  await seated[0]!.leave();
  await subject.served(server);
  await expect(subject.served(server)).rejects.toThrow('expected 1 replies, got 0');
  await subject.exchange(seated[1]!);

  server.signal('SIGTERM');
  expect(await server.exited).toEqual({ code: 0, signal: null });
  expect(server.stderr).toContain('connection refused: E_SELECT_LIMIT');
  expect(server.stderr).toContain(`"refused":${CLIENTS - seated.length + 1}`);
});

const isServed = (subject: Subject, client: TestClient): Promise<boolean> =>
  subject.exchange(client).then(
    () => true,
    () => false,
  );

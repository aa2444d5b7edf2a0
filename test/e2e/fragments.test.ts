import { expect, test } from 'vitest';
import { transports } from '../../loadgen/transport.ts';
import { LoadProcess } from './load-process.ts';
import { echo, listenFor } from './load-target.ts';

test.each(await transports.all())('messages in pieces over $name are answered as whole ones are', async (transport) => {
  if (transport.unavailable() !== undefined) return;
  const { address, requests } = await listenFor(echo);
  const options = ['--workload', 'fragments', '-c', 4, '-a', 200, '--transport', transport.name, '--json'];
  const { result } = await LoadProcess.cli(address, ...options).result();
  expect(result).toMatchObject({ messages: 200, failures: {}, unanswered: 0, connections: { opened: 4, served: 4 } });
  expect(result.errors).toEqual({ missing: 0, duplicated: 0, reordered: 0, corrupt: 0, foreign: 0 });
  expect(requests.reduce((sum, count) => sum + count)).toBe(200);
});

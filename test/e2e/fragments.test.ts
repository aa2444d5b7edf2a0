import { expect, test } from 'vitest';
import { transports } from '../../loadgen/transport.ts';
import { loadHere } from './load-here.ts';
import { echo, listenFor } from './load-target.ts';

test.each(await transports.all())('messages in pieces over $name are answered as whole ones are', async (transport) => {
  if (transport.unavailable() !== undefined) return;
  const target = await listenFor(echo);
  const options = { workload: 'fragments', connections: 4, amount: 200, transport: transport.name };
  const { result } = await loadHere(target, options);
  expect(result).toMatchObject({ messages: 200, failures: {}, unanswered: 0, connections: { opened: 4, served: 4 } });
  expect(result.errors).toEqual({ missing: 0, duplicated: 0, reordered: 0, corrupt: 0, foreign: 0 });
  expect(target.requests.reduce((sum, count) => sum + count)).toBe(200);
});

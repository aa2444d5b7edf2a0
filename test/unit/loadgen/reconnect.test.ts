import { describe, expect, test } from 'vitest';
import { sourceAddresses } from '../../../loadgen/source-addresses.ts';
import reconnect from '../../../loadgen/workloads/reconnect.ts';
import { latencies } from './exchange-context.ts';
import { echo, type VirtualServer } from './virtual-network.ts';
import { VirtualRun } from './virtual-run.ts';

describe('clients that come and go', () => {
  test('tell how many connections were opened a second, and how long that took, of the measured time', async () => {
    // Connecting takes 1 ms, a request 1 ms: two requests a connection make 3 ms for each, 100 in 300 ms.
    const run = await new VirtualRun(echo, {
      workload: reconnect,
      messagesPerConnection: 2,
      warmupNs: 30e6,
      durationNs: 300e6,
    }).over();
    expect(latencies(run.recorders.connectTime)).toMatchObject({ count: 100, meanNs: 1e6 });
    expect(run.measures).toEqual({ accepted: expect.closeTo(100 / 0.3, 6), refused: 0 });
  });

  test('tell how many were refused', async () => {
    let attempts = 0;
    const everyThird: VirtualServer = { ...echo, refuses: () => ((attempts += 1) % 3 === 0 ? 'ECONNREFUSED' : undefined) };
    const run = await new VirtualRun(everyThird, { workload: reconnect, messagesPerConnection: 1, amount: 10 }).over();
    // Ten connections come about, every third attempt does not: four of fourteen.
    expect(run.measures).toMatchObject({ refused: 4 });
  });
});

describe('source addresses', () => {
  const first = (count: number, host: string, platform?: NodeJS.Platform): (string | undefined)[] =>
    Array.from({ length: count }, sourceAddresses(host, platform));

  test('are taken in turn towards a server on this machine', () => {
    expect(first(3, '127.0.0.1', 'linux')).toEqual(['127.0.0.1', '127.0.0.2', '127.0.0.3']);
    expect(new Set(first(1000, '127.0.0.1', 'linux')).size).toBe(64);
  });

  test('are left to the kernel towards any other, and where this machine has but one', () => {
    expect(first(2, '192.0.2.1', 'linux')).toEqual([undefined, undefined]);
    expect(first(2, '::1', 'linux')).toEqual([undefined, undefined]);
    expect(first(2, '127.0.0.1', 'darwin')).toEqual([undefined, undefined]);
  });
});

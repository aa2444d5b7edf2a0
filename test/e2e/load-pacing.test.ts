/** What the schedule says is what arrives: the same messages with the same seed, at the distances of the law. */
import { describe, expect, test } from 'vitest';
import { transports } from '../../loadgen/transport.ts';
import { exponential, ksDistance } from '../unit/loadgen/kolmogorov-smirnov.ts';
import { LoadProcess } from './load-process.ts';
import { echo, listenFor } from './load-target.ts';

describe.each(await transports.all())('the load generator over $name', (transport) => {
  const load = (address: string, ...args: (string | number)[]): Promise<unknown> =>
    LoadProcess.cli(address, '--transport', transport.name, '--json', ...args).result();

  describe.skipIf(transport.unavailable())('in an open loop', () => {
    test('sends the same messages with the same seed, whatever the number of threads', async () => {
      const sent = async (...args: (string | number)[]): Promise<string[]> => {
        const heard: string[] = [];
        const target = await listenFor((asked) => {
          heard.push(asked.frame.toString());
          echo(asked);
        });
        await load(target.address, '-R', 2000, '--arrivals', 'poisson', '-c', 6, '-d', '300ms', '--warmup', '0', ...args);
        return heard.toSorted();
      };
      const once = await sent('--seed', 5);
      expect(once.length).toBeGreaterThan(0);
      expect(await sent('--seed', 5)).toEqual(once);
      expect(await sent('--seed', 5, '-w', 3)).toEqual(once);
      expect(await sent('--seed', 6)).not.toEqual(once);
    });

    test.each(['constant', 'poisson'] as const)('paces as planned: gaps at the server follow the law %s', async (arrivals) => {
      // So long that what a loaded machine adds is small beside it.
      const GAP_MS = 40;
      const arrivedMs: number[] = [];
      const { address } = await listenFor((asked) => {
        arrivedMs.push(performance.now());
        echo(asked);
      });
      await load(address, '-R', 1000 / GAP_MS, '--arrivals', arrivals, '-c', 7, '-a', 100);
      const gapsMs = arrivedMs.slice(1).map((atMs, index) => atMs - arrivedMs[index]!);
      // A law with a jump is at distance 1/2 of anything that jitters: so the constant one is taken as even between half and one and a half.
      const law = arrivals === 'poisson' ? exponential(GAP_MS) : (gapMs: number) => Math.min(1, Math.max(0, gapMs / GAP_MS - 0.5));
      // Exact pacing is at 0 and 0.5 from these; bursts, such as all at the start of each second, are at 0.96. The law itself is tested without
      // noise, and to its statistical limit, in test/unit/loadgen/schedule.test.ts.
      expect(ksDistance(gapsMs, law)).toBeLessThan(arrivals === 'poisson' ? 0.5 : 0.75);
    });
  });
});

/** What the schedule says is what arrives: the same messages with the same seed, at the distances of the law. */
import { describe, expect, test } from 'vitest';
import type { LoadOptions } from '../../loadgen/options.ts';
import { transports } from '../../loadgen/transport.ts';
import { exponential, ksDistance } from '../unit/loadgen/kolmogorov-smirnov.ts';
import { loadHere } from './load-here.ts';
import { echo, listenFor, type Target } from './load-target.ts';

describe.each(await transports.all())('the load generator over $name', (transport) => {
  const load = (target: Target, options: Partial<LoadOptions>): Promise<unknown> =>
    loadHere(target, { transport: transport.name, ...options });

  describe.skipIf(transport.unavailable())('in an open loop', () => {
    test('sends the same messages with the same seed, whatever the number of threads', async () => {
      const sent = async (options: Partial<LoadOptions>): Promise<string[]> => {
        const heard: string[] = [];
        const target = await listenFor((asked) => {
          heard.push(asked.frame.toString());
          echo(asked);
        });
        await load(target, { rate: 2000, arrivals: 'poisson', connections: 6, warmupMs: 0, durationMs: 300, ...options });
        return heard.toSorted();
      };
      const once = await sent({ seed: 5 });
      expect(once.length).toBeGreaterThan(0);
      expect(await sent({ seed: 5 })).toEqual(once);
      expect(await sent({ seed: 5, workers: 3 })).toEqual(once);
      expect(await sent({ seed: 6 })).not.toEqual(once);
    });

    test.each(['constant', 'poisson'] as const)('paces as planned: gaps at the server follow the law %s', async (arrivals) => {
      // So long that what a loaded machine adds is small beside it.
      const GAP_MS = 40;
      const arrivedMs: number[] = [];
      const target = await listenFor((asked) => {
        arrivedMs.push(performance.now());
        echo(asked);
      });
      await load(target, { rate: 1000 / GAP_MS, arrivals, connections: 7, amount: 100 });
      const gapsMs = arrivedMs.slice(1).map((atMs, index) => atMs - arrivedMs[index]!);
      // A law with a jump is at distance 1/2 of anything that jitters: so the constant one is taken as even between half and one and a half.
      const law = arrivals === 'poisson' ? exponential(GAP_MS) : (gapMs: number) => Math.min(1, Math.max(0, gapMs / GAP_MS - 0.5));
      // Exact pacing is at 0 and 0.5 from these; bursts, such as all at the start of each second, are at 0.96. The law itself is tested without
      // noise, and to its statistical limit, in test/unit/loadgen/schedule.test.ts.
      expect(ksDistance(gapsMs, law)).toBeLessThan(arrivals === 'poisson' ? 0.5 : 0.75);
    });
  });
});

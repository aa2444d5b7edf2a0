/** What only some workloads do, each once with real sockets; their figures are worked out by hand in test/unit/loadgen/. */
import { expect, test } from 'vitest';
import type { Measure } from '../../loadgen/measures.ts';
import { LoadProcess, serverEntry } from './load-process.ts';
import { echo, listenFor } from './load-target.ts';

const server = (app: string): string[] => ['--', process.execPath, serverEntry, JSON.stringify({ app, framing: 'line' })];

const value = (measure: Measure | undefined): number | undefined =>
  measure?.kind === 'latency' ? measure.latencyNs.count : measure?.value;

test('chat: members in two threads hear whoever speaks in either, and everything that was sent is received', async () => {
  const options = ['--workload', 'chat', '-c', 6, '--active', 2, '-w', 2, '-a', 40, '--json'];
  const { result, code } = await LoadProcess.cli(...options, ...server('chat')).result();
  expect(code).toBe(0);
  expect(result).toMatchObject({ unanswered: 0, connections: { opened: 6, served: 6 } });
  const { owed, delivered, delivery, lastDelivery } = result.measures;
  expect(value(owed)).toBeGreaterThan(0);
  expect(value(delivered)).toBe(value(owed));
  expect(value(delivery)).toBe(value(owed));
  expect(value(lastDelivery)).toBeLessThanOrEqual(40);
});

test('saturate: tries one rate after the other against the same server, and ends with the curve so far when it is told to', async () => {
  const target = await listenFor((asked) => {
    echo(asked);
    if (asked.overall === 800) saturating.signal('SIGINT'); // 250 in the first run, 500 in the second
  });
  const allowed = ['send-lag', 'machine-disturbed', 'client-limited'].flatMap((code) => ['--allow', code]);
  const saturating = LoadProcess.cli(
    target.address,
    '--workload',
    'saturate',
    '-c',
    2,
    '-d',
    '100ms',
    '--warmup',
    0,
    '--rate',
    500,
    '--slo',
    'p50=10s',
    '--json',
    ...allowed,
  );
  const { result, code } = await saturating.result();
  expect(code).toBe(130);
  expect(result.options).toMatchObject({ workload: 'saturate', slo: { percentile: 'p50', ns: 10e9 } });
  expect(result).toMatchObject({ interrupted: true, loadCurve: { ended: { state: 'interrupted' } } });
  expect(result.loadCurve!.points).toHaveLength(3);
});

import { describe, expect, test } from 'vitest';
import { byName } from '../../../framing/framing.ts';
import { workloads } from '../../../loadgen/workload.ts';
import { apps } from '../../../servers/app.ts';
import { latencies } from './exchange-context.ts';
import type { VirtualServer } from './virtual-network.ts';
import { VirtualRun, type Wanted } from './virtual-run.ts';

describe('the workload mixed', async () => {
  const workload = await workloads.load('mixed');
  const app = await apps.load('mixed');
  const knobs = { delayMs: 30, slowShare: 0.1 };
  const OWN_MS = 2;

  /** A run against the app itself, which takes 2 ms for what it doesn't delay, and the latency in ms of all that it answered. */
  async function run(wanted: Wanted): Promise<{ run: VirtualRun; ordinaryMs: number[]; slowMs: number[] }> {
    const handle = app.create({ work: 0, ...knobs });
    const [ordinaryMs, slowMs, dueMs]: [number[], number[], number[]] = [[], [], []];
    const server: VirtualServer = {
      receives(slot, bytes, network) {
        const decoder = byName('line').decoder((message) => {
          const { afterMs } = handle(message);
          dueMs[slot] = Math.max(dueMs[slot] ?? 0, network.nowMs + OWN_MS + (afterMs ?? 0));
          const latencyMs = dueMs[slot] - network.nowMs;
          (afterMs === undefined ? ordinaryMs : slowMs).push(latencyMs);
          network.reply(slot, Buffer.concat([message, Buffer.from('\n')]), latencyMs);
        });
        decoder.push(bytes);
      },
    };
    return { run: await new VirtualRun(server, { workload, options: knobs, ...wanted }).over(), ordinaryMs, slowMs };
  }

  test('tells the latency of ordinary messages apart from that of the slow ones', async () => {
    const { run: mixed, ordinaryMs, slowMs } = await run({ slots: 3 });
    expect(slowMs.length).toBeGreaterThan(10);
    expect(latencies(mixed.recorders.responseTime)).toMatchObject({ count: ordinaryMs.length, meanNs: 2e6, maxNs: 2e6 });
    expect(mixed.measures).toEqual({ slow: `${slowMs.length} of 32, at most 32 ms`, harmed: 0 });
    expect(mixed.answered.reduce((sum, count) => sum + count)).toBe(ordinaryMs.length + slowMs.length);
    expect(mixed.outcome).not.toHaveProperty('errors');
  });

  test('counts as harmed those that wait behind a slow one for longer than half the delay', async () => {
    const { run: mixed, ordinaryMs } = await run({ pipelining: 3 });
    const harmed = ordinaryMs.filter((ms) => ms > 15);
    expect(harmed.length).toBeGreaterThan(10);
    expect(mixed.measures).toMatchObject({ harmed: harmed.length / ordinaryMs.length });
  });

  test.each([1, 5, 10])('knows the slow ones also of messages of %i bytes', async (sizeBytes) => {
    const { run: mixed, ordinaryMs, slowMs } = await run({ setting: { sizeBytes }, slots: 3 });
    expect(mixed.recorders.responseTime.count).toBe(ordinaryMs.length);
    expect(mixed.recorders['slow']!.count).toBe(slowMs.length);
  });
});

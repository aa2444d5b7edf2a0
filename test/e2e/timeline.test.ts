/** Who served which connection when, against real servers: what they say of themselves is compared with what is known from outside. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { Timeline } from '../../loadgen/timeline.ts';
import { unavailable } from '../../servers/registry.ts';
import { loadHere } from './load-here.ts';
import { withoutProc } from './process-tree.ts';
import { ServerProcess } from './server-process.ts';
import { sampleOfModels } from './thoroughness.ts';

/** The clocks of two processes are one; reading it through performance.now() may lose a little. */
const CLOCK_NS = 1e6;
const MESSAGES_EACH = 3;
const CONNECTIONS_IN_ALL = 100;

describe.each(await sampleOfModels())('the timeline of $name', (model) => {
  const obstacle = unavailable(model);
  let timeline: Timeline;
  let pids: number[];

  beforeAll(async () => {
    if (obstacle !== undefined) return;
    const server = await new ServerProcess({ model: model.name, app: 'identify', workers: 2 }).listening();
    try {
      const shape = { connections: 4, messagesPerConnection: MESSAGES_EACH, amount: MESSAGES_EACH * CONNECTIONS_IN_ALL };
      const { result } = await loadHere(server.ready, { workload: 'timeline', ...shape });
      expect(result.errors).toEqual({ missing: 0, duplicated: 0, reordered: 0, corrupt: 0, foreign: 0 });
      timeline = result.timeline!;
      pids = server.tree().map(({ pid }) => pid);
    } finally {
      await server.kill();
    }
  });

  test('names threads of that server, and has every message begin and end between request and reply', (context) => {
    const reason = obstacle ?? withoutProc;
    if (reason !== undefined) context.skip(reason);
    const named = new Set(timeline.workers.map(({ pid }) => pid));
    if (model.evidence.servedBy === 'a process each') expect(named.size).toBeGreaterThanOrEqual(CONNECTIONS_IN_ALL); // which have ended
    else expect([...named].filter((pid) => !pids.includes(pid))).toEqual([]);
    const answered = timeline.messages.flatMap(({ sentNs, answer }) => (answer === null ? [] : { sentNs, ...answer }));
    expect(answered.length).toBeGreaterThan(0);
    for (const { sentNs, begunNs, endedNs, answeredNs, worker } of answered) {
      expect(worker).toBeLessThan(timeline.workers.length);
      expect(begunNs).toBeGreaterThan(sentNs - CLOCK_NS);
      expect(endedNs).toBeGreaterThan(begunNs);
      expect(answeredNs).toBeGreaterThan(endedNs - CLOCK_NS);
    }
  });

  test('has no worker do two things at once', (context) => {
    if (obstacle !== undefined) context.skip(obstacle);
    for (const own of timeline.workers.keys()) {
      const work = timeline.messages.flatMap(({ answer }) => (answer?.worker === own ? [answer] : []));
      const inOrder = work.toSorted((a, b) => a.begunNs - b.begunNs);
      for (const [index, { begunNs }] of inOrder.entries()) {
        expect(begunNs).toBeGreaterThanOrEqual(inOrder[index - 1]?.endedNs ?? -Infinity);
      }
    }
  });
});

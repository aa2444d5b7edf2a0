/** Who served which connection when, against real servers: what they say of themselves is compared with what is known from outside. */
import { describe, expect, test, type TestContext } from 'vitest';
import type { LoadResult } from '../../loadgen/result.ts';
import type { Timeline } from '../../loadgen/timeline.ts';
import { chooseModels, unavailable } from '../../servers/registry.ts';
import { withoutProc } from './process-tree.ts';
import { ServerProcess } from './server-process.ts';
import { SockbenchCommand } from './sockbench-command.ts';

/** The clocks of two processes are one; reading it through performance.now() may lose a little. */
const CLOCK_NS = 1e6;

async function watch(model: string, { onTestFinished }: TestContext): Promise<{ timeline: Timeline; pids: number[] }> {
  const server = await new ServerProcess({ model, app: 'identify', workers: 2 }).listening();
  onTestFinished(() => server.kill());
  const target = `${server.ready.host}:${server.ready.port}`;
  const options = ['--workload', 'timeline', '-c', '4', '--messages-per-connection', '3', '-d', '300ms', '--warmup', '0', '--json'];
  const { stdout, stderr } = await SockbenchCommand.run('load', target, ...options);
  const { timeline, errors } = JSON.parse(stdout) as LoadResult;
  expect(errors, stderr).toEqual({ missing: 0, duplicated: 0, reordered: 0, corrupt: 0, foreign: 0 });
  return { timeline: timeline!, pids: server.tree().map(({ pid }) => pid) };
}

describe.concurrent.each(await chooseModels())('the timeline of $name', (model) => {
  test('names threads of that server, and has every message begin and end between request and reply', async (context) => {
    const obstacle = unavailable(model) ?? withoutProc;
    if (obstacle !== undefined) context.skip(obstacle);
    const { timeline, pids } = await watch(model.name, context);
    expect(timeline.workers.filter(({ pid }) => !pids.includes(pid))).toEqual([]);
    const answered = timeline.messages.flatMap(({ sentNs, answer }) => (answer === null ? [] : { sentNs, ...answer }));
    expect(answered.length).toBeGreaterThan(0);
    for (const { sentNs, begunNs, endedNs, answeredNs, worker } of answered) {
      expect(worker).toBeLessThan(timeline.workers.length);
      expect(begunNs).toBeGreaterThan(sentNs - CLOCK_NS);
      expect(endedNs).toBeGreaterThan(begunNs);
      expect(answeredNs).toBeGreaterThan(endedNs - CLOCK_NS);
    }
  });

  test('has no worker do two things at once', async (context) => {
    const obstacle = unavailable(model);
    if (obstacle !== undefined) context.skip(obstacle);
    const { timeline } = await watch(model.name, context);
    for (const own of timeline.workers.keys()) {
      const work = timeline.messages.flatMap(({ answer }) => (answer?.worker === own ? [answer] : []));
      const inOrder = work.toSorted((a, b) => a.begunNs - b.begunNs);
      for (const [index, { begunNs }] of inOrder.entries()) {
        expect(begunNs).toBeGreaterThanOrEqual(inOrder[index - 1]?.endedNs ?? -Infinity);
      }
    }
  });
});

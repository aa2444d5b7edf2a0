import type { RunResult } from '../../../bench/result.ts';
import type { Timeline } from '../../../loadgen/timeline.ts';
import { soundServer } from '../loadgen/sound-result.ts';
import { cellOf, failed, measured, runOf, skipped } from './sample-run.ts';

/** Names and reasons come from outside; these would break whatever takes them for HTML, SVG, a script or a pattern. */
export const hostile = '</script><img src=x onerror=alert(1)> {rest|"&amp;\'';

const timeline = (pids: number[]): Timeline => ({
  workers: pids.map((pid) => ({ pid, threadId: 0 })),
  messages: [
    ...pids.map((_, worker) => ({
      slot: worker,
      connection: worker,
      sentNs: 0,
      answer: { worker, begunNs: 2e6, endedNs: 3e6, answeredNs: 3.5e6 },
    })),
    { slot: 0, connection: 0, sentNs: 4e6, answer: { worker: 0, begunNs: 5e6, endedNs: 6e6, answeredNs: 6.5e6 } },
    { slot: 0, connection: 7, sentNs: 8e6, answer: null },
  ],
});

const MIB = 2 ** 20;
const server = (cpuNsPerMessage: number, mebibytes: number) => ({
  server: soundServer({ cpuNsPerMessage, peakMemoryBytes: Math.round(mebibytes * MIB) }),
});

/** Three trials around a rate, some percent apart. */
const around = (rate: number, cpuNs: number, mebibytes: number, connections: number) =>
  [0.95, 1, 1.1].map((share) =>
    measured({
      messagesPerSecond: rate * share,
      connections: { opened: connections, served: connections },
      ...server(cpuNs * share, mebibytes),
    }),
  );

const echo = (model: string, connections: number, rate: number, cpuNs: number, mebibytes: number, changes = {}) =>
  cellOf(model, around(rate, cpuNs, mebibytes, connections), { knobs: { connections }, ...changes });

/** A run in which every picture has something to show, and some rows have nothing. */
export const reportRun: RunResult = runOf(
  [
    ...[1, 64, 1001].flatMap((connections) => [
      echo('swift', connections, 1000 * connections ** 0.6, 9000, 50 + connections / 100, { family: 'loop' }),
      echo('broad', connections, 800 * connections ** 0.5, 21_000, 160, { family: 'multi-loop' }),
    ]),
    echo('other', 64, 7000, 4000, 2, { kind: 'reference' }),
    cellOf(hostile, [failed(`it said: ${hostile}`)], { knobs: { connections: 64 }, kind: 'command' }),
    cellOf('absent', [skipped('needs linux')], { knobs: { connections: 64 }, family: 'loop' }),
    ...[1000, 4000].map((rate) =>
      cellOf('swift', [measured({}, { p99: rate * 1000 }), measured({}, { p99: rate * 1200 })], {
        workload: 'rate',
        knobs: { connections: 64, rate },
        family: 'loop',
      }),
    ),
    ...[1, 2, 4, 8].flatMap((serverWorkers) =>
      (
        [
          ['swift', 1000, 'loop'],
          ['broad', 900, 'multi-loop'],
        ] as const
      ).map(([model, rate, family]) =>
        cellOf(model, around((rate * serverWorkers) / (1 + 0.1 * (serverWorkers - 1)), 200_000, 90, 16), {
          workload: 'workers',
          knobs: { connections: 16, work: 500, serverWorkers },
          family,
        }),
      ),
    ),
  ],
  {
    losses: [
      {
        model: 'swift',
        state: 'measured',
        connections: 8,
        servedOn: 0,
        lost: 8,
        servedAgain: 0,
        processes: { before: 1, after: 0 },
      },
      {
        model: 'broad',
        state: 'measured',
        connections: 8,
        servedOn: 5,
        lost: 3,
        servedAgain: 3,
        processes: { before: 3, after: 3 },
      },
      { model: 'absent', state: 'failed', reason: `it said: ${hostile}` },
    ],
    timelines: [
      cellOf('swift', [measured({ timeline: timeline([71]) })], {
        workload: 'timeline',
        knobs: { connections: 2 },
        family: 'loop',
      }),
      cellOf('broad', [measured({ timeline: timeline([81, 82]) })], {
        workload: 'timeline',
        knobs: { connections: 2 },
        family: 'multi-loop',
      }),
    ],
  },
);

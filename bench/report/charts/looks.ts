import type { Timeline } from '../../../loadgen/timeline.ts';
import { measuredTrials } from '../../summary.ts';
import type { Drawing, View } from './chart.ts';

/** What a look at a model has shown. */
export interface Look {
  model: string;
  timeline: Timeline;
  durationNs: number;
}

export function looksOf({ run, shows }: View): Look[] {
  return run.timelines
    .filter(({ model }) => shows(model))
    .flatMap((cell) =>
      measuredTrials(cell).flatMap(({ timeline, durationMs }) =>
        timeline === undefined ? [] : [{ model: cell.model, timeline, durationNs: durationMs * 1e6 }],
      ),
    );
}

export function noLook({ run, shows }: View): Drawing {
  const reasons = run.timelines
    .filter(({ model }) => shows(model))
    .flatMap(({ model, trials }) =>
      trials.flatMap((trial) => (trial.state === 'measured' ? [] : [`${model} (${trial.state}: ${trial.reason})`])),
    );
  const reason =
    reasons.length > 0 ? `No timeline: ${reasons.join('; ')}.` : 'This run has no timelines, or the filter leaves none.';
  return { state: 'absent', reason, command: 'npm run bench' };
}

/** "process 4711", with the thread where the process has several of them at work. */
export function workerNames({ workers }: Timeline): string[] {
  return workers.map(({ pid, threadId }) => (threadId === 0 ? `process ${pid}` : `process ${pid}, thread ${threadId}`));
}

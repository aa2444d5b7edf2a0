import { Presets, SingleBar } from 'cli-progress';
import type { Progress } from '../../loadgen/load.ts';
import { loadDefaults, type LoadOptions } from '../../loadgen/options.ts';
import type { RunObserver } from '../run.ts';
import type { StoppingPlan } from '../statistics/stopping.ts';
import { formatNs, formatRate } from './format.ts';
import { printable } from './printable.ts';

/** Rate, p50, p99 and time left of a load run, on stderr; nothing when stderr is no terminal. */
export function showLoadProgress(options: Partial<LoadOptions>): { show: (progress: Progress) => void; end: () => void } {
  if (!process.stderr.isTTY) return { show() {}, end() {} };
  const { amount, durationMs = loadDefaults.durationMs } = options;
  const bar = new SingleBar(
    { format: '{bar} {rate}/s  p50 {p50}  p99 {p99}  {left}', stream: process.stderr, clearOnComplete: true, hideCursor: true },
    Presets.shades_classic,
  );
  let started = false;
  return {
    show({ messages, elapsedMs, latencyNs }) {
      if (!started) bar.start(amount ?? durationMs, 0, { rate: '–', p50: '–', p99: '–', left: '' });
      started = true;
      const leftS = Math.max(0, (durationMs - elapsedMs) / 1000);
      bar.update(amount === undefined ? Math.min(elapsedMs, durationMs) : messages, {
        rate: formatRate((messages * 1000) / Math.max(1, elapsedMs)),
        p50: formatNs(latencyNs(0.5)),
        p99: formatNs(latencyNs(0.99)),
        left: amount === undefined ? `${leftS.toFixed(1)} s left` : `${amount - messages} left`,
      });
    },
    end: () => bar.stop(),
  };
}

/** Trials of a bench run on stderr: a bar that moves only between trials, or a line each when stderr is no terminal. */
export function runProgress(plan: StoppingPlan): RunObserver & { end(): void } {
  return process.stderr.isTTY ? barProgress(plan) : lineProgress();
}

function barProgress({ trials, budgetMs }: StoppingPlan): RunObserver & { end(): void } {
  const format = '{bar} round {round}: {value}/{total}  {elapsed}  {title}';
  const bar = new SingleBar({ format, stream: process.stderr, clearOnComplete: true, hideCursor: true }, Presets.shades_classic);
  const limit = trials === undefined ? `at most ${seconds(budgetMs)}` : `${trials} rounds`;
  return {
    trialStarts({ title }, { round, trial, cells, elapsedMs }) {
      const payload = { title, round, elapsed: `${seconds(elapsedMs)} of ${limit}` };
      if (bar.isActive) bar.update(trial - 1, payload);
      else bar.start(cells, trial - 1, payload);
    },
    trialEnds() {},
    end: () => bar.stop(),
  };
}

const seconds = (ms: number): string => `${Math.round(ms / 1000)} s`;

function lineProgress(): RunObserver & { end(): void } {
  let position = '';
  return {
    trialStarts(_, { round, trial, cells }) {
      position = `[round ${round}, ${trial}/${cells}]`;
    },
    trialEnds({ title }, outcome) {
      const found =
        outcome.state === 'measured' ? `${formatRate(outcome.result.messagesPerSecond)}/s` : `${outcome.state}: ${outcome.reason}`;
      process.stderr.write(`${printable(`${position} ${title}: ${found}`)}\n`);
    },
    end() {},
  };
}

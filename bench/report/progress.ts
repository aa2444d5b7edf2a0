import { Presets, SingleBar } from 'cli-progress';
import type { Progress } from '../../loadgen/load.ts';
import { loadDefaults, type LoadOptions } from '../../loadgen/options.ts';
import type { RunObserver } from '../run.ts';
import { formatNs, formatRate } from './format.ts';

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
export function runProgress(): RunObserver & { end(): void } {
  return process.stderr.isTTY ? barProgress() : lineProgress();
}

function barProgress(): RunObserver & { end(): void } {
  const bar = new SingleBar(
    { format: '{bar} {value}/{total}  {left} left  {title}', stream: process.stderr, clearOnComplete: true, hideCursor: true },
    Presets.shades_classic,
  );
  const startedAtMs = performance.now();
  let started = false;
  return {
    trialStarts({ cell }, index, total) {
      const perTrialMs = (performance.now() - startedAtMs) / Math.max(1, index);
      const left = index === 0 ? '–' : `${Math.ceil((perTrialMs * (total - index)) / 1000)} s`;
      if (started) bar.update(index, { title: cell.title, left });
      else bar.start(total, index, { title: cell.title, left });
      started = true;
    },
    trialEnds() {},
    end: () => bar.stop(),
  };
}

function lineProgress(): RunObserver & { end(): void } {
  let position = '';
  return {
    trialStarts(_, index, total) {
      position = `[${index + 1}/${total}]`;
    },
    trialEnds({ cell }, outcome) {
      const found =
        outcome.state === 'measured' ? `${formatRate(outcome.result.messagesPerSecond)}/s` : `${outcome.state}: ${outcome.reason}`;
      process.stderr.write(`${position} ${cell.title}: ${found}\n`);
    },
    end() {},
  };
}

import { workloads } from '../loadgen/workload.ts';
import { chooseModels } from '../servers/registry.ts';
import { describeEnvironment } from './environment.ts';
import { planCells, schedule, type Trial } from './plan.ts';
import type { Outcome, RunResult } from './result.ts';
import type { ResultsFolder } from './results-folder.ts';
import { runTrial, type TrialSettings } from './runner.ts';

export interface RunSettings extends TrialSettings {
  /** Names, families or "all"; one model a family and a few more when left out. */
  models?: string[];
  /** Names; all of the registry when left out. */
  workloads?: string[];
  trials: number;
  seed: number;
}

export interface RunObserver {
  trialStarts(trial: Trial, index: number, total: number): void;
  trialEnds(trial: Trial, outcome: Outcome): void;
}

/** Measures every cell, saving each finished trial at once. Ends early, with what it has, when `signal` aborts. */
export async function run(
  settings: RunSettings,
  folder: ResultsFolder,
  observer: RunObserver,
  signal: AbortSignal,
): Promise<RunResult> {
  const startedAtMs = performance.now();
  const chosenWorkloads = await Promise.all((settings.workloads ?? (await workloads.names())).map((name) => workloads.load(name)));
  const chosenModels = await chooseModels(settings.models);
  const cells = planCells(
    chosenModels.map(({ name }) => name),
    chosenWorkloads,
    settings.workloads !== undefined,
  );
  const result: RunResult = {
    format: 'sockbench-run-1',
    startedAt: new Date().toISOString(),
    durationMs: 0,
    interrupted: false,
    seed: settings.seed,
    trials: settings.trials,
    trialDurationMs: settings.durationMs,
    framing: settings.framing,
    environment: describeEnvironment(),
    cells: cells.map((cell) => ({ ...cell, trials: [] })),
  };
  const trials = schedule(cells, settings.trials, settings.seed);
  for (const [index, trial] of trials.entries()) {
    observer.trialStarts(trial, index, trials.length);
    const outcome = await runTrial(trial.cell, settings, signal);
    result.durationMs = performance.now() - startedAtMs;
    result.interrupted = signal.aborted;
    if (!signal.aborted) {
      observer.trialEnds(trial, outcome);
      result.cells[cells.indexOf(trial.cell)]!.trials.push(outcome);
    }
    folder.saveRun(result);
    if (signal.aborted) break;
  }
  folder.saveLatest(result);
  return result;
}

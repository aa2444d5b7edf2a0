import { loadavg } from 'node:os';
import { workloads } from '../loadgen/workload.ts';
import { describeEnvironment, machineTime, stealBetween } from './environment.ts';
import { placementFor } from './placement.ts';
import { planCells, rounds, type Cell } from './plan.ts';
import type { CellResult, Outcome, RunResult } from './result.ts';
import type { ResultsFolder } from './results-folder.ts';
import { runTrial, type TrialSettings } from './runner.ts';
import { chooseSubjects, type Chosen } from './subjects.ts';
import { StoppingRule, type StoppingPlan } from './statistics/stopping.ts';

export interface RunSettings extends TrialSettings {
  subjects: Chosen;
  /** Names; all of the registry when left out. */
  workloads?: string[];
  plan: StoppingPlan;
  seed: number;
}

/** Where a run stands. */
export interface Position {
  /** From 1, like `trial`, the number within the round. */
  round: number;
  trial: number;
  /** Trials of one round. */
  cells: number;
  elapsedMs: number;
}

export interface RunObserver {
  trialStarts(cell: Cell, position: Position): void;
  trialEnds(cell: Cell, outcome: Outcome): void;
}

/** Measures every cell round after round, saving each finished trial at once. Ends early, with what it has, when `signal` aborts. */
export async function run(
  settings: RunSettings,
  folder: ResultsFolder,
  observer: RunObserver,
  signal: AbortSignal,
): Promise<RunResult> {
  const startedAtMs = performance.now();
  const cells = await chosenCells(settings);
  const result: RunResult = {
    format: 'sockbench-run-1',
    startedAt: new Date().toISOString(),
    durationMs: 0,
    ended: 'interrupted',
    seed: settings.seed,
    plan: settings.plan,
    rounds: 0,
    trialDurationMs: settings.durationMs,
    framing: settings.framing,
    environment: describeEnvironment(),
    during: { steal: null, loadAverage: [] },
    cells: cells.map(({ title, subject, workload, knobs }) => ({
      title,
      model: subject.name,
      kind: subject.kind,
      workload: workload.name,
      knobs,
      placement: placementFor(workload),
      trials: [],
    })),
  };
  const timeBefore = machineTime();
  const elapsedMs = (): number => performance.now() - startedAtMs;
  const rule = new StoppingRule(settings.plan);
  for (const round of rounds(cells, settings.seed)) {
    for (const [index, cell] of round.entries()) {
      observer.trialStarts(cell, { round: result.rounds + 1, trial: index + 1, cells: cells.length, elapsedMs: elapsedMs() });
      const outcome = await runTrial(cell, settings, signal);
      result.durationMs = elapsedMs();
      result.during = { steal: stealBetween(timeBefore, machineTime()), loadAverage: loadavg() };
      if (!signal.aborted) {
        observer.trialEnds(cell, outcome);
        result.cells[cells.indexOf(cell)]!.trials.push(outcome);
      }
      folder.saveRun(result);
      if (signal.aborted) break;
    }
    if (signal.aborted) break;
    result.rounds += 1;
    const ending = rule.after(result.rounds, result.cells.map(ratesOf), elapsedMs());
    if (ending === undefined) continue;
    result.ended = ending;
    folder.saveRun(result);
    break;
  }
  folder.saveLatest(result);
  return result;
}

async function chosenCells({ subjects, workloads: names }: RunSettings): Promise<Cell[]> {
  const chosen = await Promise.all((names ?? (await workloads.names())).map((name) => workloads.load(name)));
  return planCells(await chooseSubjects(subjects), chosen, names !== undefined);
}

/** The main figure of every trial that was measured. */
const ratesOf = ({ trials }: CellResult): number[] =>
  trials.flatMap((trial) => (trial.state === 'measured' ? [trial.result.messagesPerSecond] : []));

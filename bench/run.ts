import { loadavg } from 'node:os';
import { workloads } from '../loadgen/workload.ts';
import { costCrossings } from './crossings.ts';
import { describeEnvironment, machineTime, stealBetween } from './environment.ts';
import { loseWorker } from './lost-worker.ts';
import { placementFor } from './placement.ts';
import { planCells, planLooks, rounds, type Cell } from './plan.ts';
import type { CellResult, Outcome, RunResult } from './result.ts';
import type { ResultsFolder } from './results-folder.ts';
import { runTrial, type TrialSettings } from './runner.ts';
import { chooseSubjects, isModel, type Chosen, type ModelSubject } from './subjects.ts';
import { StoppingRule, type StoppingPlan } from './statistics/stopping.ts';

export interface RunSettings extends TrialSettings {
  subjects: Chosen;
  /** Names, or `all` for every one in all its variants; left out, the variants that every bench measures. */
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

/** What a run measures in every round, and what it only looks at once. */
export interface Planned {
  cells: Cell[];
  looks: Cell[];
  /** Those that lose a worker. */
  losers: ModelSubject[];
}

const ALL = 'all';

/** Touches nothing: what was asked for wrongly is refused before a run leaves a trace. @throws SockbenchError E_UNKNOWN_NAME, E_OPTION */
export async function planRun({ subjects: wanted, workloads: names }: RunSettings): Promise<Planned> {
  const everything = await workloads.names();
  const wantedNames = names === undefined || names.includes(ALL) ? everything : names;
  const chosen = await Promise.all(wantedNames.map((name) => workloads.load(name)));
  const subjects = await chooseSubjects(wanted);
  return {
    cells: planCells(subjects, chosen, names !== undefined),
    looks: planLooks(subjects, chosen),
    losers: wantedNames === everything ? subjects.filter(isModel) : [],
  };
}

/** Measures every cell round after round, saving what there is every few seconds. Ends early, with what it has, when `signal` aborts. */
export async function run(
  { cells, looks, losers }: Planned,
  settings: RunSettings,
  folder: ResultsFolder,
  observer: RunObserver,
  signal: AbortSignal,
): Promise<RunResult> {
  const startedAtMs = performance.now();
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
    cells: cells.map(unmeasured),
    timelines: looks.map(unmeasured),
  };
  const timeBefore = machineTime();
  const elapsedMs = (): number => performance.now() - startedAtMs;
  let savedMs = 0;
  const save = (): void => {
    folder.saveRun(result);
    savedMs = elapsedMs();
  };
  const rule = new StoppingRule({
    ...settings.plan,
    budgetMs: settings.plan.budgetMs - looks.length * LOOK_MS - losers.length * LOSS_MS,
  });
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
      if (signal.aborted) break;
      if (elapsedMs() - savedMs > SAVE_MS) save();
    }
    if (signal.aborted) break;
    result.rounds += 1;
    const ending = rule.after(result.rounds, result.cells.map(ratesOf), elapsedMs());
    if (ending === undefined) continue;
    result.ended = ending;
    save();
    break;
  }
  for (const [index, look] of looks.entries()) {
    if (signal.aborted) break;
    observer.trialStarts(look, { round: result.rounds + 1, trial: index + 1, cells: looks.length, elapsedMs: elapsedMs() });
    const outcome = await runTrial(look, { ...settings, ...MOMENT }, signal);
    if (signal.aborted) break;
    observer.trialEnds(look, outcome);
    result.timelines[index]!.trials.push(outcome);
  }
  for (const loser of losers) {
    if (signal.aborted) break;
    result.losses = [...(result.losses ?? []), await loseWorker(loser)];
  }
  result.costCrossings = costCrossings(result.cells);
  save();
  await folder.saveLatest(result);
  return result;
}

/** Whoever kills a run, as nobody can kindly, loses no more: writing a long one takes longer than a trial. */
const SAVE_MS = 3000;

/** How long a look is, from the first message on: what can be shown whole. With its server's start and end it takes LOOK_MS. */
const MOMENT = { durationMs: 100, warmupMs: 0 };
const LOOK_MS = 600;
/** How long it takes to kill a worker, and to see what follows. */
const LOSS_MS = 800;

const unmeasured = ({ title, subject, workload, knobs }: Cell): CellResult => ({
  title,
  model: subject.name,
  kind: subject.kind,
  ...(subject.family && { family: subject.family }),
  ...(subject.capabilities && { capabilities: subject.capabilities }),
  workload: workload.name,
  knobs,
  placement: placementFor(workload),
  trials: [],
});

/** The main figure of every trial that was measured. */
const ratesOf = ({ trials }: CellResult): number[] =>
  trials.flatMap((trial) => (trial.state === 'measured' ? [trial.result.messagesPerSecond] : []));

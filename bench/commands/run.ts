import type { Command } from 'commander';
import { byName } from '../../framing/framing.ts';
import { runProgress } from '../report/progress.ts';
import { terminalReport } from '../report/terminal.ts';
import { run } from '../run.ts';
import { ResultsFolder } from '../results-folder.ts';
import { duration, nameList, wholeNumber } from './option-values.ts';

interface RunFlags {
  models?: string[];
  workloads?: string[];
  framing: string;
  duration?: number;
  trials?: number;
  quick?: true;
  out: string;
  seed?: number;
  json?: true;
}

const FINDING = 1;
const INTERRUPTED = 130;

/** The default models under all workloads fit into 2 minutes, or 30 s, on two cores. */
const pace = {
  default: { durationMs: 600, warmupMs: 200, trials: 3 },
  quick: { durationMs: 300, warmupMs: 150, trials: 1 },
};

export function addRunCommand(program: Command): void {
  program
    .command('run')
    .description('measure models under workloads and compare them (`npm run bench`)')
    .option('--models <names>', 'comma-separated names or families, or all; default: one a family', nameList)
    .option('--workloads <names>', 'comma-separated; default: all', nameList)
    .option('--framing <name>', 'how messages are told apart: fixed, length, line', 'length')
    .option('--duration <time>', `how long each trial measures (default: ${pace.default.durationMs}ms)`, duration('--duration'))
    .option('--trials <number>', `trials of each row (default: ${pace.default.trials})`, wholeNumber('--trials', 1))
    .option('--quick', `one short trial each: a first look, within 30 s`)
    .option('--out <folder>', 'where results are written', 'results')
    .option('--seed <number>', 'order of the trials; default: drawn, and printed', wholeNumber('--seed', 0))
    .option('--json', 'print the results file instead of tables')
    .action(async (flags: RunFlags) => {
      process.exitCode = await runBench(flags);
    });
}

async function runBench(flags: RunFlags): Promise<number> {
  byName(flags.framing);
  const defaults = flags.quick ? pace.quick : pace.default;
  const settings = {
    ...defaults,
    framing: flags.framing,
    durationMs: flags.duration ?? defaults.durationMs,
    trials: flags.trials ?? defaults.trials,
    seed: flags.seed ?? Math.floor(Math.random() * 2 ** 31),
    ...(flags.models && { models: flags.models }),
    ...(flags.workloads && { workloads: flags.workloads }),
  };
  const interrupt = new AbortController();
  process.once('SIGINT', () => interrupt.abort());
  process.once('SIGTERM', () => interrupt.abort());
  const progress = runProgress();
  const result = await run(settings, new ResultsFolder(flags.out), progress, interrupt.signal).finally(() => progress.end());
  process.stdout.write(flags.json ? `${JSON.stringify(result)}\n` : `${terminalReport(result)}\n`);
  process.stderr.write(`\nWritten to ${flags.out}/latest.json and latest.md; seed ${settings.seed}.\n`);
  if (result.interrupted) return INTERRUPTED;
  return result.cells.some(({ trials }) => trials.some(({ state }) => state === 'failed')) ? FINDING : 0;
}

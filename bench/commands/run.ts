import { Option, type Command } from 'commander';
import { byName } from '../../framing/framing.ts';
import { runProgress } from '../report/progress.ts';
import { duration, nameList, repeated, share, wholeNumber, writtenDuration } from './option-values.ts';

interface RunFlags {
  models?: string[];
  server: string[];
  references: boolean;
  node?: string[];
  workloads?: string[];
  framing: string;
  duration?: number;
  trials?: number;
  budget?: number;
  precision?: number;
  quick?: true;
  out: string;
  seed?: number;
  json?: true;
}

const FINDING = 1;
const INTERRUPTED = 130;

/** How long a run is unless the user says otherwise: on two cores a round of the default models under all default workloads takes 19 s, so that there are six, and an interval. */
export const pace = {
  default: { durationMs: 250, warmupMs: 100, plan: { precision: 0.05, budgetMs: 125_000 } },
  quick: { durationMs: 200, warmupMs: 100, plan: { precision: 0.05, budgetMs: 28_000, trials: 1 } },
};

export function addRunCommand(program: Command): void {
  program
    .command('run')
    .description('measure models under workloads and compare them (`npm run bench`)')
    .option('--models <names>', 'comma-separated names or families, or all; default: one a family', nameList)
    .addOption(
      new Option('--server <name=command>', "measure anybody's echo server beside them; {port} in the command becomes a free port")
        .argParser(repeated)
        .default([], 'none'),
    )
    .option('--no-references', 'without the same echo in C, Python and bare node:net')
    .option('--node <versions>', 'start models with each of these: 22,24 (by npx node@22), or paths of binaries', nameList)
    .option('--workloads <names>', 'comma-separated, or all: in every variant; default: all, in a few', nameList)
    .option('--framing <name>', 'how messages are told apart: fixed, length, line', 'length')
    .option(
      '--duration <time>',
      `how long each trial measures (default: ${writtenDuration(pace.default.durationMs)})`,
      duration('--duration'),
    )
    .option(
      '--budget <time>',
      `measure until every interval is narrow, at most so long (default: ${writtenDuration(pace.default.plan.budgetMs)})`,
      duration('--budget'),
    )
    .option(
      '--precision <share>',
      `what narrow means, to either side of the median (default: ${pace.default.plan.precision * 100}%)`,
      share('--precision'),
    )
    .option('--trials <number>', 'exactly so many trials of each row instead', wholeNumber('--trials', 1))
    .option('--quick', `one short trial each: a first look, in less than a minute`)
    .option('--out <folder>', 'where results are written', 'results')
    .option('--seed <number>', 'order of the trials; default: drawn, and printed', wholeNumber('--seed', 0))
    .option('--json', 'print the results file instead of tables')
    .action(async (flags: RunFlags) => {
      process.exitCode = await runBench(flags);
    });
}

async function runBench(flags: RunFlags): Promise<number> {
  byName(flags.framing);
  const { planRun, run } = await import('../run.ts');
  const { ResultsFolder } = await import('../results-folder.ts');
  const { terminalReport } = await import('../report/terminal.ts');
  const defaults = flags.quick ? pace.quick : pace.default;
  const settings = {
    ...defaults,
    framing: flags.framing,
    durationMs: flags.duration ?? defaults.durationMs,
    plan: {
      ...(flags.budget === undefined ? defaults.plan : pace.default.plan),
      ...(flags.budget !== undefined && { budgetMs: flags.budget }),
      ...(flags.precision !== undefined && { precision: flags.precision }),
      ...(flags.trials !== undefined && { trials: flags.trials }),
    },
    seed: flags.seed ?? Math.floor(Math.random() * 2 ** 31),
    subjects: { models: flags.models, servers: flags.server, references: flags.references, nodes: flags.node },
    ...(flags.workloads && { workloads: flags.workloads }),
  };
  const planned = await planRun(settings);
  const folder = new ResultsFolder(flags.out);
  const interrupt = new AbortController();
  process.once('SIGINT', () => interrupt.abort());
  process.once('SIGTERM', () => interrupt.abort());
  const progress = runProgress(settings.plan);
  const result = await run(planned, settings, folder, progress, interrupt.signal).finally(() => progress.end());
  process.stdout.write(
    flags.json ? `${JSON.stringify(result)}\n` : `${terminalReport(result, process.stdout.isTTY && process.stdout.hasColors())}\n`,
  );
  process.stderr.write(`\nWritten to ${flags.out}: report.html, latest.md, latest.json, pictures; seed ${settings.seed}.\n`);
  if (result.ended === 'interrupted') return INTERRUPTED;
  return result.cells.some(({ trials }) => trials.some(({ state }) => state === 'failed')) ? FINDING : 0;
}

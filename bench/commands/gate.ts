import { Option, type Command } from 'commander';
import { SockbenchError } from '../../errors/sockbench-error.ts';
import type { GatePlan } from '../gate/plan.ts';
import { duration, nameList, repeated, wholeNumber } from './option-values.ts';

export interface GateFlags {
  base?: string;
  anchor?: string;
  baseline?: string;
  saveBaseline?: string;
  selfTest?: true;
  blocks?: GatePlan['blocks'];
  budget?: number;
  models?: string[];
  server: string[];
  build?: string;
  framing: string;
  size: number;
  connections?: number;
  seed?: number;
  json?: true;
  markdown?: string;
  junit?: string;
  benchmarkAction?: string;
  bencher?: string;
  history?: string;
}

export function addGateCommand(program: Command): void {
  program
    .command('gate')
    .description('compare the working tree with a commit: is any server 5 % slower? (0 no, 1 yes, 2 failed, 3 not sure)')
    .option('--base <revision>', 'compare with the last commit that this and HEAD have in common')
    .option('--anchor <revision>', 'also compare with this older one, to notice what creeps in a little at a time')
    .option('--baseline <file>', 'compare with what was saved on this machine instead; with the servers and settings of then')
    .option('--save-baseline <file>', 'measure the working tree as it is built, for later comparisons on this machine')
    .option('--self-test', 'measure the gate itself: how often it raises alarms, and at which slowdowns')
    .option('--models <names>', 'comma-separated names or families, or all; default: one a family', nameList)
    .addOption(
      new Option(
        '--server <command>',
        "anybody's echo server instead, built in both trees: 'node server.js --port {port}', or name=command; repeatable",
      )
        .argParser(repeated)
        .default([], 'none'),
    )
    .option('--build <command>', 'what builds a tree, for a shell (npm run build, if there is one)')
    .option('--budget <time>', 'what is not settled by then is inconclusive; of the self-test: 10m', duration('--budget'))
    .option('--blocks <screen,confirm>', 'how many of each server, as the self-test advises (7,12)', blockCounts)
    .option('--framing <name>', 'how messages are told apart: fixed, length, line', 'length')
    .option('--size <bytes>', 'payload of each message', wholeNumber('--size', 1), 64)
    .option('--connections <number>', 'connections to a --server (64)', wholeNumber('--connections', 1))
    .option('--seed <number>', 'order of everything; default: drawn, and printed', wholeNumber('--seed', 0))
    .option('-j, --json', 'print the result with all blocks as one JSON object')
    .option('--markdown <file>', 'write a summary; also to $GITHUB_STEP_SUMMARY, when that is set')
    .option('--junit <file>', 'write JUnit XML, a case for each row')
    .option('--benchmark-action <file>', 'write head for github-action-benchmark (customSmallerIsBetter)')
    .option('--bencher <file>', 'write head in Bencher Metric Format')
    .option('--history <file>', 'append a line of JSON')
    .action(async (flags: GateFlags, gate: Command) => {
      const { runGate } = await import('./run-gate.ts'); // its statistics take longer to load than other commands to run
      const given = gate.options.filter((option) => gate.getOptionValueSource(option.attributeName()) === 'cli');
      process.exitCode = await runGate(
        flags,
        given.map((option) => ({ name: option.attributeName(), written: option.long! })),
      );
    });
}

/** "7,12". Throws SockbenchError E_OPTION. */
export function blockCounts(text: string): GatePlan['blocks'] {
  const [screen, confirm, ...more] = text.split(',').map(wholeNumber('--blocks', 1));
  if (screen !== undefined && confirm !== undefined && more.length === 0) return { screen, confirm };
  throw new SockbenchError('E_OPTION', `--blocks: expected two numbers such as 7,12, got ${JSON.stringify(text)}`);
}

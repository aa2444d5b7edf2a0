import { appendFileSync, writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { describeError, SockbenchError } from '../../errors/sockbench-error.ts';
import { byName } from '../../framing/framing.ts';
import { gate, type GateSettings } from '../gate/gate.ts';
import { toBencher, toBenchmarkAction, toHistoryLine } from '../gate/exports.ts';
import { toJunit } from '../gate/junit.ts';
import { Repository } from '../gate/repository.ts';
import { exitCodes, type GateResult } from '../gate/result.ts';
import { gateMarkdown, gateReport } from '../report/gate.ts';
import { gateProgress } from '../report/gate-progress.ts';
import { nameList, wholeNumber } from './option-values.ts';

interface GateFlags {
  base?: string;
  anchor?: string;
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

const INTERRUPTED = 130;

export function addGateCommand(program: Command): void {
  program
    .command('gate')
    .description('compare the working tree with a commit: is any server 5 % slower? (0 no, 1 yes, 2 failed, 3 not sure)')
    .option('--base <revision>', 'compare with the last commit that this and HEAD have in common')
    .option('--anchor <revision>', 'also compare with this older one, to notice what creeps in a little at a time')
    .option('--models <names>', 'comma-separated names or families, or all; default: one a family', nameList)
    .option(
      '--server <command>',
      "anybody's echo server instead, built in both trees: 'node server.js --port {port}', or name=command; repeatable",
      (value: string, before: string[]) => [...before, value],
      [],
    )
    .option('--build <command>', 'what builds a tree, for a shell (npm run build, if there is one)')
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
    .action(async (flags: GateFlags) => {
      process.exitCode = await runGate(flags);
    });
}

async function runGate(flags: GateFlags): Promise<number> {
  byName(flags.framing);
  if (flags.base === undefined) {
    throw new SockbenchError('E_OPTION', 'expected --base REVISION, got none', { remedy: 'sockbench gate --base main' });
  }
  const outputs = outputsOf(flags);
  for (const { path } of outputs) appendFileSync(path, ''); // what can't be written should fail before anything is measured
  const interrupt = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupt.abort());
  const progress = gateProgress();
  try {
    const result = await gate(new Repository(process.cwd()), settingsOf(flags, flags.base), progress, interrupt.signal);
    process.stdout.write(flags.json ? `${JSON.stringify(result)}\n` : `${gateReport(result)}\n`);
    for (const { path, text, append } of outputs) (append ? appendFileSync : writeFileSync)(path, text(result));
    return exitCodes[result.verdict];
  } catch (error) {
    if (!interrupt.signal.aborted) throw error;
    process.stderr.write(`sockbench: interrupted; ${describeError(error)}\n`);
    return INTERRUPTED;
  }
}

function settingsOf(flags: GateFlags, base: string): GateSettings {
  const { anchor, models, server, build, framing, size, connections, seed } = flags;
  return {
    base,
    ...(anchor !== undefined && { anchor }),
    ...(models !== undefined && { models }),
    servers: server,
    ...(build !== undefined && { build }),
    framing,
    sizeBytes: size,
    ...(connections !== undefined && { connections }),
    seed: seed ?? Math.floor(Math.random() * 2 ** 31),
  };
}

interface Output {
  path: string;
  text(result: GateResult): string;
  append?: true;
}

function outputsOf(flags: GateFlags): Output[] {
  const json = (value: unknown): string => `${JSON.stringify(value, null, 1)}\n`;
  const wanted: (Omit<Output, 'path'> & { path: string | undefined })[] = [
    { path: flags.markdown, text: gateMarkdown },
    { path: process.env['GITHUB_STEP_SUMMARY'], text: gateMarkdown, append: true },
    { path: flags.junit, text: toJunit },
    { path: flags.benchmarkAction, text: (result) => json(toBenchmarkAction(result)) },
    { path: flags.bencher, text: (result) => json(toBencher(result)) },
    { path: flags.history, text: toHistoryLine, append: true },
  ];
  return wanted.flatMap(({ path, ...rest }) => (path === undefined || path === '' ? [] : [{ path, ...rest }]));
}

import { appendFileSync, writeFileSync } from 'node:fs';
import { describeError, SockbenchError } from '../../errors/sockbench-error.ts';
import { byName } from '../../framing/framing.ts';
import { gate, type GateSettings } from '../gate/gate.ts';
import { toBencher, toBenchmarkAction, toHistoryLine } from '../gate/exports.ts';
import { toJunit } from '../gate/junit.ts';
import { noiseBetween } from '../gate/noise.ts';
import { operatingCurve } from '../gate/operating-curve.ts';
import { defaultPlan } from '../gate/plan.ts';
import { Repository } from '../gate/repository.ts';
import { exitCodes, type GateResult } from '../gate/result.ts';
import { rule } from '../gate/rule.ts';
import { selfTest } from '../gate/self-test.ts';
import { gateMarkdown, gateReport } from '../report/gate.ts';
import { gateProgress } from '../report/gate-progress.ts';
import { selfTestReport } from '../report/self-test.ts';
import type { GateFlags } from './gate.ts';

const INTERRUPTED = 130;

/** @returns the exit code */
export async function runGate(flags: GateFlags): Promise<number> {
  byName(flags.framing);
  if (flags.selfTest) return runSelfTest(flags);
  if (flags.base === undefined) {
    throw new SockbenchError('E_OPTION', 'expected --base REVISION, got none', { remedy: 'sockbench gate --base main' });
  }
  const outputs = outputsOf(flags);
  for (const { path } of outputs) appendFileSync(path, ''); // what can't be written should fail before anything is measured
  const interrupt = untilInterrupted();
  const progress = gateProgress();
  try {
    const result = await gate(new Repository(process.cwd()), settingsOf(flags, flags.base), progress, interrupt);
    process.stdout.write(flags.json ? `${JSON.stringify(result)}\n` : `${gateReport(result)}\n`);
    for (const output of outputs) (output.append ? appendFileSync : writeFileSync)(output.path, output.text(result));
    return exitCodes[result.verdict];
  } catch (error) {
    if (!interrupt.aborted) throw error;
    process.stderr.write(`sockbench: interrupted; ${describeError(error)}\n`);
    return INTERRUPTED;
  }
}

function settingsOf(flags: GateFlags, base: string): GateSettings {
  const { anchor, models, server, build, framing, size, connections, seed, blocks, budget = Infinity } = flags;
  return {
    base,
    ...(anchor !== undefined && { anchor }),
    ...(models !== undefined && { models }),
    servers: server,
    ...(build !== undefined && { build }),
    framing,
    sizeBytes: size,
    ...(connections !== undefined && { connections }),
    seed: seed ?? drawnSeed(),
    plan: { ...defaultPlan, ...(blocks && { blocks }) },
    budgetMs: budget,
  };
}

interface Output {
  path: string;
  text(result: GateResult): string;
  append?: true;
}

const inJson = (value: unknown): string => `${JSON.stringify(value, null, 1)}\n`;

function outputsOf(flags: GateFlags): Output[] {
  const wanted: (Omit<Output, 'path'> & { path: string | undefined })[] = [
    { path: flags.markdown, text: gateMarkdown },
    { path: process.env['GITHUB_STEP_SUMMARY'], text: gateMarkdown, append: true },
    { path: flags.junit, text: toJunit },
    { path: flags.benchmarkAction, text: (result) => inJson(toBenchmarkAction(result)) },
    { path: flags.bencher, text: (result) => inJson(toBencher(result)) },
    { path: flags.history, text: toHistoryLine, append: true },
  ];
  return wanted.flatMap(({ path, ...rest }) => (path === undefined || path === '' ? [] : [{ path, ...rest }]));
}

const FINDING = 1;
const SELF_TEST_MS = 600_000;

/** @returns 1 when the rates that were seen rule the targets out: at most 1 % alarms, at least 95 % of slowdowns of 5 % found */
async function runSelfTest({ models, budget = SELF_TEST_MS, framing, size, seed, json }: GateFlags): Promise<number> {
  const settings = {
    ...(models !== undefined && { models }),
    framing,
    sizeBytes: size,
    seed: seed ?? drawnSeed(),
    budgetMs: budget,
  };
  const interrupt = untilInterrupted();
  const result = await selfTest(settings, gateProgress(), interrupt);
  const [points, noise] = [await operatingCurve(result), noiseBetween(result.equal, result.models)];
  process.stdout.write(json ? `${JSON.stringify({ ...result, points, noise })}\n` : `${selfTestReport(points, noise)}\n`);
  process.stderr.write(`seed ${result.seed}\n`);
  if (interrupt.aborted) return INTERRUPTED;
  const missed = points.some(({ effect, atLeast, atMost }) =>
    effect === 0 ? atLeast > rule.alarms : effect >= rule.excluded && atMost < 0.95,
  );
  return missed ? FINDING : 0;
}

function untilInterrupted(): AbortSignal {
  const interrupt = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupt.abort());
  return interrupt.signal;
}

const drawnSeed = (): number => Math.floor(Math.random() * 2 ** 31);

import { describeError, SockbenchError } from '../../errors/sockbench-error.ts';
import { byName } from '../../framing/framing.ts';
import { againstBaseline, measureBaseline, type BaselineMeans } from '../gate/against-baseline.ts';
import { readBaseline, writeBaseline } from '../gate/baseline.ts';
import { gate } from '../gate/gate.ts';
import { noiseBetween } from '../gate/noise.ts';
import { operatingCurve } from '../gate/operating-curve.ts';
import { defaultPlan, type GatePlan } from '../gate/plan.ts';
import { Repository } from '../gate/repository.ts';
import { exitCodes, type GateResult } from '../gate/result.ts';
import { rule } from '../gate/rule.ts';
import { selfTest } from '../gate/self-test.ts';
import { gateReport } from '../report/gate.ts';
import { gateProgress } from '../report/gate-progress.ts';
import { selfTestReport } from '../report/self-test.ts';
import { GateOutputs } from './gate-outputs.ts';
import type { GateFlags } from './gate.ts';

const INTERRUPTED = 130;
const FINDING = 1;
const SELF_TEST_MS = 600_000;

/** An option as the user gave it: its name here, and as it is written. */
export interface Given {
  name: string;
  written: string;
}

/** @returns the exit code */
export async function runGate(flags: GateFlags, given: readonly Given[]): Promise<number> {
  byName(flags.framing);
  const run = chosenMode(given);
  const interrupt = untilInterrupted();
  try {
    return await run(flags, interrupt);
  } catch (error) {
    if (!interrupt.aborted) throw error;
    process.stderr.write(`sockbench: interrupted; ${describeError(error)}\n`);
    return INTERRUPTED;
  }
}

interface Mode {
  run: (flags: GateFlags, interrupt: AbortSignal) => Promise<number>;
  /** Options that would change nothing, and why: ignored, they would mislead. */
  refuses: readonly (keyof GateFlags)[];
  because: string;
}

const reports = ['json', 'markdown', 'junit', 'benchmarkAction', 'bencher', 'history'] as const;

const modes: Record<string, Mode> = {
  base: { run: runAgainstBase, refuses: [], because: '' },
  baseline: {
    run: runAgainstBaseline,
    refuses: ['anchor', 'models', 'server', 'build', 'blocks', 'framing', 'size', 'connections'],
    because: 'the file says what is measured, and how; the working tree is measured as it is built',
  },
  saveBaseline: {
    run: runSaveBaseline,
    refuses: ['anchor', 'build', ...reports],
    because: 'it measures the working tree as it is built, and compares with nothing',
  },
  selfTest: {
    run: runSelfTest,
    refuses: ['anchor', 'server', 'build', 'connections', ...reports.filter((report) => report !== 'json')],
    because: 'it measures models of this package as it is built, and prints what it found',
  },
};

/** @throws SockbenchError E_OPTION unless exactly one is asked for, and nothing that it has no use for */
function chosenMode(given: readonly Given[]): Mode['run'] {
  const [only, ...more] = given.filter(({ name }) => name in modes);
  if (only === undefined || more.length > 0) {
    throw new SockbenchError(
      'E_OPTION',
      `expected one of --base REVISION, --baseline FILE, --save-baseline FILE and --self-test, got ${only === undefined ? 'none' : 1 + more.length}`,
      { remedy: 'sockbench gate --base main' },
    );
  }
  const { run, refuses, because } = modes[only.name]!;
  const unused = given.filter(({ name }) => refuses.some((refused) => refused === name));
  if (unused.length === 0) return run;
  const written = unused.map((option) => option.written).join(', ');
  throw new SockbenchError('E_OPTION', `expected ${only.written} without ${written}`, { remedy: because });
}

async function runAgainstBase(flags: GateFlags, interrupt: AbortSignal): Promise<number> {
  const outputs = new GateOutputs(flags);
  const { base, anchor, build, budget = Infinity, seed = drawnSeed() } = flags;
  const settings = {
    ...whatToMeasure(flags),
    base: base!,
    ...(anchor !== undefined && { anchor }),
    ...(build !== undefined && { build }),
    seed,
    budgetMs: budget,
  };
  return tell(await gate(new Repository(process.cwd()), settings, gateProgress, interrupt), flags, outputs);
}

async function runAgainstBaseline(flags: GateFlags, interrupt: AbortSignal): Promise<number> {
  const outputs = new GateOutputs(flags);
  const saved = readBaseline(flags.baseline!);
  return tell(await againstBaseline(flags.baseline!, saved, baselineMeans(flags, interrupt)), flags, outputs);
}

async function runSaveBaseline(flags: GateFlags, interrupt: AbortSignal): Promise<number> {
  writeBaseline(flags.saveBaseline!, await measureBaseline(whatToMeasure(flags), baselineMeans(flags, interrupt)));
  process.stderr.write(`saved in ${flags.saveBaseline}\n`);
  return 0;
}

function whatToMeasure({ models, server, framing, size, connections, blocks }: GateFlags): Parameters<typeof measureBaseline>[0] {
  if (models !== undefined && server.length > 0) throw new SockbenchError('E_OPTION', 'expected --models or --server, got both');
  if (connections !== undefined && server.length === 0) {
    throw new SockbenchError('E_OPTION', 'expected --connections with --server only: models are given as many as they serve');
  }
  return {
    ...(models !== undefined && { models }),
    servers: server,
    framing,
    sizeBytes: size,
    ...(connections !== undefined && { connections }),
    plan: planWith(blocks),
  };
}

const planWith = (blocks: GateFlags['blocks']): GatePlan => ({ ...defaultPlan, ...(blocks && { blocks }) });

function baselineMeans({ seed = drawnSeed(), budget = Infinity }: GateFlags, signal: AbortSignal): BaselineMeans {
  return { repository: new Repository(process.cwd()), seed, budgetMs: budget, observer: gateProgress, signal };
}

function tell(result: GateResult, { json }: GateFlags, outputs: GateOutputs): number {
  process.stdout.write(json ? `${JSON.stringify(result)}\n` : `${gateReport(result)}\n`);
  outputs.write(result);
  return exitCodes[result.verdict];
}

/** @returns 1 when the rates that were seen rule the targets out: at most 1 % alarms, at least 95 % of slowdowns of 5 % found; 3 when no gate was valid */
async function runSelfTest(flags: GateFlags, interrupt: AbortSignal): Promise<number> {
  const { models, framing, size, budget = SELF_TEST_MS, seed = drawnSeed(), blocks, json } = flags;
  const shape = { framing, sizeBytes: size, plan: planWith(blocks) };
  const settings = { ...(models !== undefined && { models }), ...shape, seed, budgetMs: budget };
  const result = await selfTest(settings, gateProgress, interrupt);
  const [points, noise] = [await operatingCurve(result), noiseBetween(result.equal, result.models)];
  process.stdout.write(json ? `${JSON.stringify({ ...result, points, noise })}\n` : `${selfTestReport(result, points, noise)}\n`);
  process.stderr.write(`seed ${result.seed}\n`);
  if (interrupt.aborted) return INTERRUPTED;
  if (points.every(({ gates }) => gates === 0)) return exitCodes.invalid;
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

import { describeError, SockbenchError } from '../../errors/sockbench-error.ts';
import { byName } from '../../framing/framing.ts';
import { againstBaseline, measureBaseline, type BaselineMeans } from '../gate/against-baseline.ts';
import { readBaseline, writeBaseline } from '../gate/baseline.ts';
import { gate } from '../gate/gate.ts';
import { noiseBetween } from '../gate/noise.ts';
import { operatingCurve } from '../gate/operating-curve.ts';
import { defaultPlan } from '../gate/plan.ts';
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

/** @returns the exit code */
export async function runGate(flags: GateFlags): Promise<number> {
  byName(flags.framing);
  const interrupt = untilInterrupted();
  try {
    return await chosenMode(flags)(flags, interrupt);
  } catch (error) {
    if (!interrupt.aborted) throw error;
    process.stderr.write(`sockbench: interrupted; ${describeError(error)}\n`);
    return INTERRUPTED;
  }
}

type Mode = (flags: GateFlags, interrupt: AbortSignal) => Promise<number>;

/** @throws SockbenchError E_OPTION unless exactly one is asked for */
function chosenMode({ base, baseline, saveBaseline, selfTest: wantsSelfTest }: GateFlags): Mode {
  const wanted: Mode[] = [
    ...(base === undefined ? [] : [runAgainstBase]),
    ...(baseline === undefined ? [] : [runAgainstBaseline]),
    ...(saveBaseline === undefined ? [] : [runSaveBaseline]),
    ...(wantsSelfTest === undefined ? [] : [runSelfTest]),
  ];
  const [only, ...more] = wanted;
  if (only !== undefined && more.length === 0) return only;
  throw new SockbenchError(
    'E_OPTION',
    `expected one of --base REVISION, --baseline FILE, --save-baseline FILE and --self-test, got ${wanted.length === 0 ? 'none' : wanted.length}`,
    { remedy: 'sockbench gate --base main' },
  );
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
  return tell(await gate(new Repository(process.cwd()), settings, gateProgress(), interrupt), flags, outputs);
}

async function runAgainstBaseline(flags: GateFlags, interrupt: AbortSignal): Promise<number> {
  if (flags.models !== undefined || flags.server.length > 0) {
    throw new SockbenchError('E_OPTION', 'expected --baseline without --models and --server: the file says what was measured');
  }
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
  return {
    ...(models !== undefined && { models }),
    servers: server,
    framing,
    sizeBytes: size,
    ...(connections !== undefined && { connections }),
    plan: { ...defaultPlan, ...(blocks && { blocks }) },
  };
}

function baselineMeans({ seed = drawnSeed(), budget = Infinity }: GateFlags, signal: AbortSignal): BaselineMeans {
  return { repository: new Repository(process.cwd()), seed, budgetMs: budget, observer: gateProgress(), signal };
}

function tell(result: GateResult, { json }: GateFlags, outputs: GateOutputs): number {
  process.stdout.write(json ? `${JSON.stringify(result)}\n` : `${gateReport(result)}\n`);
  outputs.write(result);
  return exitCodes[result.verdict];
}

/** @returns 1 when the rates that were seen rule the targets out: at most 1 % alarms, at least 95 % of slowdowns of 5 % found */
async function runSelfTest(flags: GateFlags, interrupt: AbortSignal): Promise<number> {
  const { models, framing, size, budget = SELF_TEST_MS, seed = drawnSeed(), json } = flags;
  const settings = { ...(models !== undefined && { models }), framing, sizeBytes: size, seed, budgetMs: budget };
  const result = await selfTest(settings, gateProgress(), interrupt);
  const [points, noise] = [await operatingCurve(result), noiseBetween(result.equal, result.models)];
  process.stdout.write(json ? `${JSON.stringify({ ...result, points, noise })}\n` : `${selfTestReport(result, points, noise)}\n`);
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

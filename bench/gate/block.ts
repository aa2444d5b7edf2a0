import { ServerCommand } from '../../loadgen/command.ts';
import type { LoadOptions } from '../../loadgen/options.ts';
import { treeUsage } from '../../loadgen/process-tree.ts';
import type { StandingTarget } from '../../loadgen/standing-load.ts';
import { SockbenchError } from '../../errors/sockbench-error.ts';
import type { Placement } from '../placement.ts';
import { formatKinds } from '../report/format.ts';
import type { ServiceSpec } from '../../servers/service.ts';
import type { Arm } from './arm.ts';
import { watchMachine, type Disturbance } from './disturbance.ts';
import { LoadGenerator } from './load-generator.ts';
import type { LoopKind, Slice } from './metrics.ts';
import type { GatePlan } from './plan.ts';
import { sliceOrder } from './slice-order.ts';
import { isWarm } from './warm-up.ts';

export interface BlockSettings {
  placement: Placement;
  framing: string;
  sizeBytes: number;
  connections: number;
  /** `loadgen/standing.js` of the load generator. */
  loadGenerator: string;
  /** Messages per second of the open loop; left out, it follows from what the first arm can do. */
  rate?: number;
  plan: GatePlan;
}

export interface Block {
  /** By arm, in the order in which they were given. */
  slices: Partial<Record<LoopKind, Slice>>[][];
  rate: number;
  warmUpRounds: number;
  disturbance: Disturbance | undefined;
}

/** Of the closed loop's throughput: low enough that neither side is the limit. */
const OPEN_LOOP_SHARE = 0.3;
const READY_MS = 10_000;
/** A reply that is late, on a machine with much to do, is not lost. */
const DRAIN_MS = 3000;

/** Fresh servers of all arms, warmed up, then measured in short slices of these loops in turn over connections that stay. */
export async function measureBlock(
  arms: readonly Arm[],
  settings: BlockSettings,
  loops: readonly LoopKind[],
  random: () => number,
  signal: AbortSignal,
): Promise<Block> {
  const { placement, loadGenerator } = settings;
  const generator = new LoadGenerator(loadGenerator, placement.clientCpus);
  const servers: ServerCommand[] = [];
  try {
    for (const arm of arms) servers.push(new ServerCommand(await arm.command(serviceFor(settings)), placement.serverCpus, arm.cwd));
    const targets = await Promise.all(
      servers.map(async (server, arm) => ({ ...(await server.ready(READY_MS)), pid: server.pid, title: arms[arm]!.title })),
    );
    const measuring = measureTargets(targets, settings, loops, { generator, random, signal });
    return await Promise.race([measuring, ...servers.map(({ died }) => died)]);
  } finally {
    await Promise.all([generator.end(), ...servers.map((server) => server.stop())]);
  }
}

interface Means {
  generator: LoadGenerator;
  random: () => number;
  signal: AbortSignal;
}

/** A server that runs. */
type Target = StandingTarget & Pick<Arm, 'title'>;

async function measureTargets(
  targets: readonly Target[],
  settings: BlockSettings,
  loops: readonly LoopKind[],
  means: Means,
): Promise<Block> {
  const { random, signal } = means;
  const { rounds, sliceMs, warmUpSliceMs, warmUpRounds } = settings.plan;
  const slice = (arm: number, loop: LoopKind, rate: number, durationMs = sliceMs[loop]): Promise<Slice> => {
    signal.throwIfAborted();
    return measureSlice(targets[arm]!, means.generator, loadOptions(settings, loop, rate, durationMs));
  };
  const warming: Slice[][] = [];
  do {
    const round: Slice[] = [];
    for (let arm = 0; arm < targets.length; arm += 1) round.push(await slice(arm, 'closed', 0, warmUpSliceMs));
    warming.push(round);
  } while (
    !isWarm(
      warming.map((round) => round.map(({ cpuNsPerMessage = 0 }) => cpuNsPerMessage)),
      warmUpRounds,
    )
  );
  const rate = settings.rate ?? Math.max(1, Math.round(warming.at(-1)![0]!.result.messagesPerSecond * OPEN_LOOP_SHARE));
  if (loops.includes('open')) for (const arm of targets.keys()) await slice(arm, 'open', rate, warmUpSliceMs);
  const watched = watchMachine();
  const slices = targets.map((): Block['slices'][number] => []);
  for (const order of sliceOrder(targets.length, rounds, random)) {
    const round = targets.map((): Block['slices'][number][number] => ({}));
    for (const loop of loops) for (const arm of order) round[arm]![loop] = await slice(arm, loop, rate);
    round.forEach((measured, arm) => slices[arm]!.push(measured));
  }
  return { slices, rate, warmUpRounds: warming.length, disturbance: watched() };
}

/** CPU time from rest to rest, so that no message is cut by an edge of the measured time. */
async function measureSlice(server: Target, generator: LoadGenerator, options: Partial<LoadOptions>): Promise<Slice> {
  const before = treeUsage(server.pid);
  const result = await generator.measure(server, options);
  const after = treeUsage(server.pid);
  refuseWrong(server.title, result);
  const messages = result.latencyNs.count; // those answered after the end of the measured time included
  return { result, cpuNsPerMessage: before && after && messages > 0 ? (after.cpuNs - before.cpuNs) / messages : undefined };
}

/** @throws SockbenchError E_WRONG_REPLIES: such a server has no speed */
function refuseWrong(title: string, { errors, failures, unanswered, latencyNs }: Slice['result']): void {
  const wrong = formatKinds({ ...errors, ...failures, unanswered });
  if (wrong === '' && latencyNs.count > 0) return;
  throw new SockbenchError(
    'E_WRONG_REPLIES',
    `${title}: expected every message to be answered rightly, got ${wrong || 'no reply'}`,
  );
}

function loadOptions(
  { framing, sizeBytes, connections }: BlockSettings,
  loop: LoopKind,
  rate: number,
  durationMs: number,
): Partial<LoadOptions> {
  const shared = { framing, sizeBytes, connections, warmupMs: 0, durationMs, drainMs: DRAIN_MS };
  return loop === 'closed' ? { ...shared, workload: 'echo' } : { ...shared, workload: 'rate', rate, pipelining: 64 };
}

function serviceFor({ framing, sizeBytes, placement }: BlockSettings): Partial<ServiceSpec> {
  return { app: 'echo', framing, sizeBytes, workers: Math.max(placement.serverCpus?.length ?? 0, 2) };
}

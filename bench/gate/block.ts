import { ServerCommand } from '../../loadgen/command.ts';
import type { LoadOptions } from '../../loadgen/options.ts';
import { treeUsage } from '../../loadgen/process-tree.ts';
import type { StandingTarget } from '../../loadgen/standing-load.ts';
import { SockbenchError } from '../../errors/sockbench-error.ts';
import type { Placement } from '../placement.ts';
import type { ServiceSpec } from '../../servers/service.ts';
import { wrongReplies } from '../wrong-replies.ts';
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
  /** Messages per second of the open loop; left out, it follows from what the first arm can do. */
  rate?: number;
  plan: GatePlan;
}

export interface Block {
  /** By arm, in the order in which they were given. */
  slices: Partial<Record<LoopKind, Slice[]>>[];
  rate: number;
  warmUpRounds: number;
  disturbance: Disturbance | undefined;
}

/**
 * Of the closed loop's throughput, cold as it is: low enough that neither side is the limit, although both wake up for each
 * message. At 0.3 the load generator was busy for 97 % of the time, and each stall of a ms moved the p90 of a slice.
 */
const OPEN_LOOP_SHARE = 0.1;
/** A p90 takes ten messages beyond it: slices of slow servers are longer, */
const FEWEST_MESSAGES = 120;
/** but not for ever. */
const LONGEST_OPEN_MS = 500;
const READY_MS = 10_000;
/** A reply that is late, on a machine with much to do, is not lost. */
const DRAIN_MS = 3000;

/** Fresh servers of all arms, warmed up, then measured in short slices of these loops in turn over connections that stay. */
export async function measureBlock(
  arms: readonly Arm[],
  settings: BlockSettings,
  loops: readonly LoopKind[],
  means: Means,
): Promise<Block> {
  const { placement } = settings;
  const servers: ServerCommand[] = [];
  try {
    for (const arm of arms) servers.push(new ServerCommand(await arm.command(serviceFor(settings)), placement.serverCpus, arm.cwd));
    const targets = await Promise.all(
      servers.map(async (server, arm) => ({ ...(await server.ready(READY_MS)), pid: server.pid, title: arms[arm]!.title })),
    );
    const measuring = measureTargets(targets, settings, loops, means);
    const block = await Promise.race([measuring, ...servers.map(({ died }) => died)]);
    await means.generator.leave();
    return block;
  } catch (error) {
    await means.generator.end(); // it may be in the middle of a slice
    throw error;
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
}

export interface Means {
  /** Its connections are closed afterwards; it stays, and stays warm. */
  generator: LoadGenerator;
  random: () => number;
  signal: AbortSignal;
}

/** A server that runs. */
type Target = Required<StandingTarget> & Pick<Arm, 'title'>;

async function measureTargets(
  targets: readonly Target[],
  settings: BlockSettings,
  loops: readonly LoopKind[],
  means: Means,
): Promise<Block> {
  const { random, signal } = means;
  const { rounds, sliceMs, warmUpSliceMs, warmUpRounds } = settings.plan;
  let { rate = 0 } = settings;
  const slice = (arm: number, loop: LoopKind, durationMs: number): Promise<Slice> => {
    signal.throwIfAborted();
    return measureSlice(targets[arm]!, loop, means.generator, loadOptions(settings, loop, rate, durationMs));
  };
  const warming: Slice[][] = [];
  do {
    const round: Slice[] = [];
    for (const arm of targets.keys()) {
      const closed = await slice(arm, 'closed', warmUpSliceMs);
      rate ||= Math.max(1, Math.round(closed.result.messagesPerSecond * OPEN_LOOP_SHARE));
      if (loops.includes('open')) await slice(arm, 'open', warmUpSliceMs);
      round.push(closed);
    }
    warming.push(round);
  } while (
    !isWarm(
      warming.map((round) => round.map(({ cpuNsPerMessage = 0 }) => cpuNsPerMessage)),
      warmUpRounds,
    )
  );
  const lengthMs = { ...sliceMs, open: Math.min(LONGEST_OPEN_MS, Math.max(sliceMs.open, (FEWEST_MESSAGES / rate) * 1000)) };
  const watched = watchMachine();
  const slices = targets.map(() => Object.fromEntries(loops.map((loop) => [loop, [] as Slice[]])));
  for (const loop of loops)
    for (const order of sliceOrder(targets.length, rounds[loop], random))
      for (const arm of order) slices[arm]![loop]!.push(await slice(arm, loop, lengthMs[loop]));
  return { slices, rate, warmUpRounds: warming.length, disturbance: watched() };
}

/**
 * CPU time from rest to rest, so that no message is cut by an edge of the measured time.
 * @throws SockbenchError E_WRONG_REPLIES: such a server has no speed
 */
async function measureSlice(
  { title, pid, ...address }: Target,
  loop: LoopKind,
  generator: LoadGenerator,
  options: Partial<LoadOptions>,
): Promise<Slice> {
  const before = treeUsage(pid);
  const result = await generator.measure(loop === 'closed' ? { ...address, pid } : address, options);
  const after = treeUsage(pid);
  const wrong = wrongReplies(result);
  if (wrong !== '')
    throw new SockbenchError('E_WRONG_REPLIES', `${title}: expected every message to be answered rightly, got ${wrong}`);
  const messages = result.latencyNs.count; // those answered after the end of the measured time included
  return { result, cpuNsPerMessage: before && after && messages > 0 ? (after.cpuNs - before.cpuNs) / messages : undefined };
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

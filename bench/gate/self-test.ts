import { fileURLToPath } from 'node:url';
import { mulberry32 } from '../../loadgen/random.ts';
import { SockbenchError } from '../../errors/sockbench-error.ts';
import { chooseModels, unavailable } from '../../servers/registry.ts';
import { mean } from '../statistics/mean.ts';
import { shuffle } from '../statistics/shuffle.ts';
import type { Contestant } from './arm.ts';
import { compare, measureStage, type CompareMeans, type CompareObserver, type MeasureBlock } from './compare.ts';
import { connectionsOf, modelArm } from './contestants.ts';
import { baseAndHead, measuringBlocks, ownLoadGenerator } from './measure.ts';
import type { GatePlan } from './plan.ts';
import { overallOf, regressedIn, type BlockRecord, type Overall } from './result.ts';

export interface SelfTestSettings {
  models?: string[];
  framing: string;
  sizeBytes: number;
  plan: GatePlan;
  seed: number;
  /** Nothing begins after this. */
  budgetMs: number;
}

/** Slowdowns that are injected; 0 is the same server twice. */
export const effects = [0, 0.03, 0.05, 0.1] as const;

/** A whole gate with a known slowdown of one of its servers. */
export interface TestedGate {
  effect: number;
  slowed: string;
  verdict: Overall;
  regressed: string[];
  durationMs: number;
  blocks: BlockRecord[];
}

export interface SelfTest {
  seed: number;
  models: string[];
  plan: GatePlan;
  /** Of equal servers, measured before the gates. */
  equal: BlockRecord[];
  gates: TestedGate[];
}

/** The package's folder: both sides run from the same compiled tree. */
const tree = fileURLToPath(new URL('../../../', import.meta.url));

/** Of the budget, at most, for blocks of equal servers. */
const EQUAL_SHARE = 1 / 3;

/**
 * The gate against itself: first as many blocks of equal servers as a gate takes, for their noise and what a message costs; then whole gates between equal servers, and between
 * servers of which one burns a known share more CPU time per message, in shuffled order, until the budget is spent.
 * Ends early, with what it has, when `signal` aborts.
 * @throws SockbenchError E_UNKNOWN_NAME, E_SELF_TEST where a server fails, or its CPU time is not known
 */
export async function selfTest(settings: SelfTestSettings, observer: CompareObserver, signal: AbortSignal): Promise<SelfTest> {
  const { framing, sizeBytes, plan, seed, budgetMs } = settings;
  const [startedMs, random] = [performance.now(), mulberry32(seed)];
  const chosen = (await chooseModels(settings.models)).filter((model) => unavailable(model) === undefined);
  const models = chosen.map(({ name }) => name);
  const contestant = (name: string, burnNs: number): Contestant => {
    const connections = connectionsOf(chosen.find((model) => model.name === name)!);
    return { name, base: modelArm('base', tree, name), head: modelArm('head', tree, name, burnNs), connections };
  };
  const how = { framing, sizeBytes, loadGenerator: ownLoadGenerator, plan, arms: baseAndHead };
  const isOver = (budgetShare = 1): boolean => performance.now() - startedMs > budgetMs * budgetShare;
  const measuring = <T>(budgetShare: number, use: (means: CompareMeans) => Promise<T>): Promise<T> =>
    measuringBlocks(how, random, signal, (measure) => use({ plan, measure, random, observer, isOver: () => isOver(budgetShare) }));
  const result: SelfTest = { seed, models, plan, equal: [], gates: [] };
  try {
    const equals = models.map((name) => contestant(name, 0));
    await measuring(EQUAL_SHARE, (means) => measureEqual(equals, means, result.equal));
    for (let queue: number[] = []; !isOver();) {
      if (queue.length === 0) queue = shuffle(effects, random);
      const [effect, slowed] = [queue.shift()!, models[Math.floor(random() * models.length)]!];
      const burnNs = Math.round(effect * cpuNsPerMessage(result.equal, slowed));
      const gateStartedMs = performance.now();
      const contestants = models.map((name) => contestant(name, name === slowed ? burnNs : 0));
      const { rows, blocks } = await measuring(1, (means) => compare(contestants, means));
      if (isOver()) break; // cut short: no gate
      const durationMs = performance.now() - gateStartedMs;
      result.gates.push({ effect, slowed, verdict: overallOf(rows), regressed: regressedIn(rows), durationMs, blocks });
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return result;
}

/** Blocks as the screen measures them, and as the confirmation does, of all in turn. */
async function measureEqual(contestants: readonly Contestant[], means: CompareMeans, into: BlockRecord[]): Promise<void> {
  const measure: MeasureBlock = async (...what) => {
    const block = await means.measure(...what);
    into.push(block);
    return block;
  };
  for (const stage of ['screen', 'confirm'] as const) {
    for (const [name, { verdict }] of await measureStage(contestants, stage, { ...means, measure }))
      if (verdict?.state === 'failed') throw new SockbenchError('E_SELF_TEST', `${name}: ${verdict.reason}`);
  }
}

/** Geometric mean of all arms of all blocks: what a share of it is. @throws SockbenchError E_SELF_TEST where the system doesn't say */
function cpuNsPerMessage(blocks: readonly BlockRecord[], model: string): number {
  const costs = blocks
    .filter(({ contestant }) => contestant === model)
    .flatMap(({ arms }) => Object.values(arms).flatMap(({ cpu }) => cpu ?? []));
  if (costs.length > 0) return Math.exp(mean(costs.map(Math.log)));
  throw new SockbenchError('E_SELF_TEST', `expected CPU time per message of ${model}, to burn a share of it, got none`);
}

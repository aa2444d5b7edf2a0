import { fileURLToPath } from 'node:url';
import { mulberry32 } from '../../loadgen/random.ts';
import { chooseModels, unavailable } from '../../servers/registry.ts';
import { mean } from '../statistics/mean.ts';
import { shuffle } from '../statistics/shuffle.ts';
import type { Contestant } from './arm.ts';
import { compare, type CompareMeans, type CompareObserver } from './compare.ts';
import { connectionsOf, modelArm } from './contestants.ts';
import { baseAndHead, blockMeasure, ownLoadGenerator } from './measure.ts';
import { loops } from './metrics.ts';
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

/** Of each model and stage, to learn its noise and what its messages cost: at most so many, in a third of the budget. */
const EQUAL_BLOCKS = 10;
const EQUAL_SHARE = 1 / 3;

/**
 * The gate against itself: first the noise between blocks of equal servers, then whole gates between equal servers, and between
 * servers of which one burns a known share more CPU time per message, in shuffled order, until the budget is spent.
 * Ends early, with what it has, when `signal` aborts.
 * @throws SockbenchError E_UNKNOWN_NAME
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
  const means = async (budgetShare: number): Promise<CompareMeans> => {
    const how = { framing, sizeBytes, loadGenerator: ownLoadGenerator, plan, arms: baseAndHead };
    const measure = await blockMeasure(how, random, signal);
    return { plan, measure, random, observer, isOver: () => performance.now() - startedMs > budgetMs * budgetShare };
  };
  const result: SelfTest = { seed, models, plan, equal: [], gates: [] };
  try {
    await measureEqual(
      models.map((name) => contestant(name, 0)),
      await means(EQUAL_SHARE),
      result.equal,
    );
    for (let queue: number[] = []; ;) {
      if (queue.length === 0) queue = shuffle(effects, random);
      const [effect, slowed] = [queue.shift()!, models[Math.floor(random() * models.length)]!];
      const burnNs = Math.round(effect * cpuNsPerMessage(result.equal, slowed));
      const [gateStartedMs, whole] = [performance.now(), await means(1)];
      const { rows, blocks } = await compare(
        models.map((name) => contestant(name, name === slowed ? burnNs : 0)),
        whole,
      );
      if (whole.isOver()) break; // cut short: no gate
      const durationMs = performance.now() - gateStartedMs;
      result.gates.push({ effect, slowed, verdict: overallOf(rows), regressed: regressedIn(rows), durationMs, blocks });
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return result;
}

/** Blocks as the screen measures them, and as the confirmation does, of all in turn; one of each at least. */
async function measureEqual(
  contestants: readonly Contestant[],
  { measure, random, observer, isOver }: CompareMeans,
  into: BlockRecord[],
): Promise<void> {
  for (let round = 0; round === 0 || (round < EQUAL_BLOCKS && !isOver()); round += 1) {
    for (const contestant of shuffle(contestants, random)) {
      for (const stage of ['screen', 'confirm'] as const) {
        const block = await measure(contestant, stage, loops);
        into.push(block);
        observer.blockEnds(block, round + 1, EQUAL_BLOCKS);
      }
    }
  }
}

/** Geometric mean of all arms of all blocks: what a share of it is. NaN where the system doesn't say. */
function cpuNsPerMessage(blocks: readonly BlockRecord[], model: string): number {
  const costs = blocks
    .filter(({ contestant }) => contestant === model)
    .flatMap(({ arms }) => Object.values(arms).flatMap(({ cpu }) => cpu ?? []));
  return Math.exp(mean(costs.map(Math.log)));
}

import { fileURLToPath } from 'node:url';
import { mulberry32 } from '../../loadgen/random.ts';
import { workloads } from '../../loadgen/workload.ts';
import { chooseModels, unavailable } from '../../servers/registry.ts';
import { placementFor } from '../placement.ts';
import { shuffle } from '../statistics/shuffle.ts';
import type { Contestant } from './arm.ts';
import { compare, type CompareObserver, type MeasureBlock } from './compare.ts';
import { connectionsOf, modelArm } from './contestants.ts';
import { blockMeasure, type MeasureSettings } from './measure.ts';
import { overallOf, type BlockRecord, type Overall } from './result.ts';

export interface SelfTestSettings {
  models?: string[];
  /** Of each effect. */
  gates: number;
  framing: string;
  sizeBytes: number;
  seed: number;
}

/** Slowdowns that are injected; 0 is the same server twice. */
export const effects = [0, 0.03, 0.05, 0.1] as const;

/** A whole gate with a known slowdown. */
export interface TestedGate {
  effect: number;
  verdict: Overall;
  durationMs: number;
  blocks: BlockRecord[];
}

export interface SelfTest {
  seed: number;
  models: string[];
  gates: TestedGate[];
}

/** The package's folder: both sides run from the same compiled tree. */
const tree = fileURLToPath(new URL('../../../', import.meta.url));
const CALIBRATING_BLOCKS = 3;

/**
 * The gate against itself: gates of this machine between equal servers, and between servers of which one burns a known share
 * more CPU time per message, in shuffled order. Ends early, with what it has, when `signal` aborts.
 * @throws SockbenchError E_UNKNOWN_NAME
 */
export async function selfTest(settings: SelfTestSettings, observer: CompareObserver, signal: AbortSignal): Promise<SelfTest> {
  const { framing, sizeBytes, seed } = settings;
  const random = mulberry32(seed);
  const placement = placementFor(await workloads.load('echo'));
  const loadGenerator = fileURLToPath(new URL('../../loadgen/standing.js', import.meta.url));
  const measureSettings: MeasureSettings = { placement, framing, sizeBytes, loadGenerator };
  const models = (await chooseModels(settings.models)).filter((model) => unavailable(model) === undefined);
  const result: SelfTest = { seed, models: models.map(({ name }) => name), gates: [] };
  const plain = models.map((model) => contestant(model.name, connectionsOf(model), 0));
  try {
    const costs = await calibrate(plain, blockMeasure(measureSettings, random, signal));
    for (let gate = 0; gate < settings.gates; gate += 1) {
      for (const effect of shuffle(effects, random)) {
        const contestants = plain.map(({ name, connections }) =>
          contestant(name, connections, Math.round(effect * costs.get(name)!)),
        );
        const startedMs = performance.now();
        const { rows, blocks } = await compare(contestants, blockMeasure(measureSettings, random, signal), random, observer);
        result.gates.push({ effect, verdict: overallOf(rows), durationMs: performance.now() - startedMs, blocks });
      }
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return result;
}

function contestant(name: string, connections: number, burnNs: number): Contestant {
  return { name, base: modelArm('base', tree, name), head: modelArm('head', tree, name, burnNs), connections };
}

/** CPU ns per message of each server, as a few blocks say: what a share of it is. */
async function calibrate(contestants: readonly Contestant[], measure: MeasureBlock): Promise<Map<string, number>> {
  const costs = new Map<string, number>();
  for (const each of contestants) {
    const found: number[] = [];
    for (let block = 0; block < CALIBRATING_BLOCKS; block += 1) {
      const { arms } = await measure(each, 'screen');
      found.push(...[arms.base?.cpu, arms.head?.cpu].filter((cost) => cost !== undefined));
    }
    costs.set(each.name, Math.exp(found.reduce((sum, cost) => sum + Math.log(cost), 0) / Math.max(1, found.length)));
  }
  return costs;
}

import { fileURLToPath } from 'node:url';
import { mulberry32 } from '../../loadgen/random.ts';
import { SockbenchError } from '../../errors/sockbench-error.ts';
import { describeEnvironment } from '../environment.ts';
import type { Arm, Contestant } from './arm.ts';
import { describeCircumstances, type Baseline } from './baseline.ts';
import { compare, measureStage, type CompareMeans, type CompareObserver, type MeasureBlock } from './compare.ts';
import { commandContestants, modelContestants } from './contestants.ts';
import { measuringBlocks, ownLoadGenerator } from './measure.ts';
import { metricNames } from './metrics.ts';
import type { Repository } from './repository.ts';
import { overallOf, type BlockRecord, type GateResult } from './result.ts';

/** What both need beside the settings: nothing is built, the working tree is measured where it is. */
export interface BaselineMeans {
  repository: Repository;
  seed: number;
  budgetMs: number;
  observer: CompareObserver;
  signal: AbortSignal;
}

/** Measures the working tree for later. @throws SockbenchError E_BASELINE where that was not possible, or was disturbed */
export async function measureBaseline(settings: Baseline['settings'], means: BaselineMeans): Promise<Baseline> {
  const contestants = await contestantsHere(settings);
  const blocks: BlockRecord[] = [];
  await measuring(settings, new Map(), means, async (comparing) => {
    for (const stage of ['screen', 'confirm'] as const) {
      for (const [name, measured] of await measureStage(contestants, stage, comparing)) {
        if (measured.verdict !== undefined) {
          const got = 'reason' in measured.verdict ? measured.verdict.reason : measured.verdict.state;
          throw new SockbenchError('E_BASELINE', `${name}: expected blocks to be held against later ones, got: ${got}`);
        }
        blocks.push(...measured.blocks.filter(({ dropped }) => dropped === undefined));
      }
    }
  });
  return {
    format: 'sockbench-baseline-1',
    savedAt: new Date().toISOString(),
    commit: means.repository.commit('HEAD'),
    circumstances: describeCircumstances(),
    settings,
    blocks,
  };
}

/** Measures the same again, and judges it by the rule of the gate: the nth block against the saved nth. */
export async function againstBaseline(path: string, saved: Baseline, means: BaselineMeans): Promise<GateResult> {
  const [startedAt, startedMs, environment] = [new Date().toISOString(), performance.now(), describeEnvironment()];
  const rates = new Map(saved.blocks.map(({ contestant, rate }) => [contestant, rate]));
  const contestants = await contestantsHere(saved.settings);
  const compared = await measuring(saved.settings, rates, means, (comparing) =>
    compare(contestants, { ...comparing, measure: besideSaved(saved.blocks, comparing.measure) }),
  );
  const { repository, seed } = means;
  return {
    format: 'sockbench-gate-1',
    startedAt,
    durationMs: performance.now() - startedMs,
    seed,
    head: { commit: repository.commit('HEAD'), uncommitted: repository.uncommitted() },
    verdict: overallOf(compared.rows),
    comparisons: [
      { against: 'baseline', revision: path, commit: saved.commit, loadGenerator: 'the same as when it was saved', ...compared },
    ],
    environment,
  };
}

/** This package, or the folder in which the user is. */
function contestantsHere({ models, servers, connections }: Baseline['settings']): Promise<Contestant[]> | Contestant[] {
  const folder = servers.length > 0 ? process.cwd() : fileURLToPath(new URL('../../../', import.meta.url));
  const trees = { base: folder, head: folder };
  return servers.length > 0 ? commandContestants(trees, servers, connections) : modelContestants(trees, models);
}

function measuring<T>(
  { framing, sizeBytes, plan }: Baseline['settings'],
  rates: Map<string, number>,
  { seed, budgetMs, observer, signal }: BaselineMeans,
  use: (means: CompareMeans) => Promise<T>,
): Promise<T> {
  const [startedMs, random] = [performance.now(), mulberry32(seed)];
  const settings = { framing, sizeBytes, plan, rates, loadGenerator: ownLoadGenerator, arms: twice };
  return measuringBlocks(settings, random, signal, (measure) =>
    use({ plan, measure, random, observer, isOver: () => performance.now() - startedMs > budgetMs }),
  );
}

/** The same in turn with itself: a server alone would have warmer caches than one that takes turns. */
const twice = ({ base }: Contestant): Arm[] => [base, { ...base, title: 'base again' }];

/** Fresh blocks as head, beside the saved ones as base. */
function besideSaved(saved: readonly BlockRecord[], measure: MeasureBlock): MeasureBlock {
  const used = new Map<string, number>();
  return async (contestant, stage, loops) => {
    const fresh = await measure(contestant, stage, loops);
    const key = `${stage} ${contestant.name}`;
    const number = used.get(key) ?? 0;
    if (fresh.dropped === undefined) used.set(key, number + 1);
    const before = saved.filter((block) => block.contestant === contestant.name && block.stage === stage)[number];
    return { ...fresh, arms: { ...before?.arms, head: meanOf(fresh.arms) } };
  };
}

/** Geometric means of two equal arms. */
function meanOf({ base = {}, 'base again': again = {} }: BlockRecord['arms']): NonNullable<BlockRecord['arms']['head']> {
  return Object.fromEntries(
    metricNames.flatMap((metric) => {
      const [one, other] = [base[metric], again[metric]];
      return one === undefined || other === undefined ? [] : [[metric, Math.sqrt(one * other)]];
    }),
  );
}

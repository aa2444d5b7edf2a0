import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { mulberry32 } from '../../loadgen/random.ts';
import { describeEnvironment } from '../environment.ts';
import { shuffle } from '../statistics/shuffle.ts';
import { build } from './build.ts';
import { compare, type CompareObserver } from './compare.ts';
import { commandContestants, modelContestants } from './contestants.ts';
import { baseAndHead, measuringBlocks, LOAD_GENERATOR_FOLDERS, ownLoadGenerator } from './measure.ts';
import type { GatePlan } from './plan.ts';
import type { Repository } from './repository.ts';
import { overallOf, type Comparison, type GateResult } from './result.ts';
import { removeLeftOvers, Trees } from './trees.ts';

export interface GateSettings {
  base: string;
  /** An older commit, to notice what creeps in a little at a time. */
  anchor?: string;
  models?: string[];
  /** Commands of anybody's servers, instead of models. */
  servers: string[];
  framing: string;
  sizeBytes: number;
  connections?: number;
  /** For a shell; what builds a tree. */
  build?: string;
  seed: number;
  plan: GatePlan;
  /** Of the whole gate, building included: what is not settled then is inconclusive. */
  budgetMs: number;
}

export interface GateObserver extends CompareObserver {
  /** One line about what begins now, or about what was found on the way. */
  says(line: string): void;
}

type Against = Pick<Comparison, 'against' | 'revision' | 'commit'>;

/**
 * Builds base, head and anchor side by side, measures head against the others, and judges. Whatever happens, the trees are gone afterwards.
 * @throws SockbenchError E_REVISION, E_NO_COMMON_ANCESTOR, E_BUILD, E_NO_MODELS, E_UNKNOWN_NAME, E_OPTION; AbortError
 */
export async function gate(
  repository: Repository,
  settings: GateSettings,
  observer: GateObserver,
  signal: AbortSignal,
): Promise<GateResult> {
  const [startedAt, startedMs] = [new Date().toISOString(), performance.now()];
  const random = mulberry32(settings.seed);
  const isOver = (): boolean => performance.now() - startedMs > settings.budgetMs;
  for (const folder of removeLeftOvers(repository)) observer.says(`removed ${folder}, left over from a gate that was killed`);
  const others = chooseOthers(repository, settings, observer);
  const head = { commit: repository.commit('HEAD'), uncommitted: repository.uncommitted() };
  if (head.uncommitted.length > 0)
    observer.says(`head is the working tree as it is, with ${head.uncommitted.length} uncommitted files`);
  const trees = new Trees(repository, shuffle(['a', 'b', 'c'].slice(0, others.length + 1), random));
  try {
    const folders = await buildAll(repository, trees, [...others.map(({ commit }) => commit), head.commit], settings, {
      observer,
      signal,
    });
    const headFolder = folders.at(-1)!;
    const comparisons: Comparison[] = [];
    for (const [index, other] of others.entries()) {
      const built = { base: folders[index]!, head: headFolder };
      const contestants = await (settings.servers.length > 0
        ? commandContestants(built, settings.servers, settings.connections)
        : modelContestants(built, settings.models));
      const generator = chooseLoadGenerator(repository, other.commit, built, settings);
      observer.says(`measuring head against ${other.against} ${other.commit.slice(0, 10)}; load generator: ${generator.whose}`);
      const { framing, sizeBytes, plan } = settings;
      const how = { framing, sizeBytes, plan, loadGenerator: generator.entry, arms: baseAndHead };
      const compared = await measuringBlocks(how, random, signal, (measure) =>
        compare(contestants, { plan, measure, random, observer, isOver }),
      );
      comparisons.push({ ...other, loadGenerator: generator.whose, ...compared });
    }
    const verdict = overallOf(comparisons.flatMap(({ rows }) => rows));
    const durationMs = performance.now() - startedMs;
    const environment = describeEnvironment();
    return { format: 'sockbench-gate-1', startedAt, durationMs, seed: settings.seed, head, verdict, comparisons, environment };
  } finally {
    trees.remove();
  }
}

function chooseOthers(repository: Repository, { base, anchor }: GateSettings, observer: GateObserver): Against[] {
  const others = [
    { against: 'base' as const, revision: base },
    ...(anchor === undefined ? [] : [{ against: 'anchor' as const, revision: anchor }]),
  ];
  return others.map(({ against, revision }) => {
    const [named, commit] = [repository.commit(revision), repository.mergeBase(revision)];
    if (named !== commit)
      observer.says(`${revision} has gone on since; ${against} is ${commit.slice(0, 10)}, the last commit in common with HEAD`);
    return { against, revision, commit };
  });
}

/** One worktree each, the last one with what is uncommitted; returns where in it the gate was started. */
async function buildAll(
  repository: Repository,
  trees: Trees,
  commits: readonly string[],
  { build: command, servers }: GateSettings,
  { observer, signal }: { observer: GateObserver; signal: AbortSignal },
): Promise<string[]> {
  const own = servers.length === 0 ? 'node scripts/prepare.mjs' : undefined;
  const folders: string[] = [];
  for (const [index, commit] of commits.entries()) {
    const isHead = index === commits.length - 1;
    observer.says(`building ${isHead ? 'head' : commit.slice(0, 10)}`);
    const tree = trees.add(commit);
    if (isHead) repository.copyUncommitted(tree);
    const folder = join(tree, repository.prefix);
    const wanted = command ?? own;
    await build(
      { folder, source: join(repository.root, repository.prefix), ...(wanted !== undefined && { command: wanted }) },
      signal,
    );
    folders.push(folder);
  }
  return folders;
}

const ENTRY = 'dist/loadgen/standing.js';

/** If a change touches the load generator, it must not measure itself. */
function chooseLoadGenerator(
  repository: Repository,
  commit: string,
  built: { base: string; head: string },
  { servers }: GateSettings,
): { entry: string; whose: string } {
  if (servers.length > 0) return { entry: ownLoadGenerator, whose: 'this sockbench' };
  const [base, head] = [join(built.base, ENTRY), join(built.head, ENTRY)];
  if (!repository.differs(commit, LOAD_GENERATOR_FOLDERS)) return { entry: head, whose: 'the same in both' };
  if (existsSync(base)) return { entry: base, whose: 'that of the older commit, because the change touches it' };
  return { entry: head, whose: 'that of head, because the older commit has none that can be told to measure in turns' };
}

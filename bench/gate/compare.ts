import { SockbenchError } from '../../errors/sockbench-error.ts';
import { shuffle } from '../statistics/shuffle.ts';
import type { Contestant } from './arm.ts';
import { loops, metricNames, metrics, type LoopKind, type MetricName } from './metrics.ts';
import type { GatePlan } from './plan.ts';
import type { BlockRecord, Row } from './result.ts';
import { differencesOf, mediansOf, reasonNotToGate } from './rows.ts';
import { confirm, firstLook, screen, settlesEarly } from './rule.ts';
import type { Finding, Verdict } from './verdict.ts';

export type Stage = BlockRecord['stage'];

/** Measures one block of a contestant, over these loops alone. */
export type MeasureBlock = (contestant: Contestant, stage: Stage, loops: readonly LoopKind[]) => Promise<BlockRecord>;

export interface CompareObserver {
  /**
   * @param number of usable blocks that this contestant has in this stage
   * @param needed by it, at most
   */
  blockEnds(block: BlockRecord, number: number, needed: number): void;
  confirms(contestants: readonly string[]): void;
}

export interface CompareMeans {
  plan: Pick<GatePlan, 'blocks'>;
  measure: MeasureBlock;
  random: () => number;
  observer: CompareObserver;
  /** No more is measured; what is open then is inconclusive. */
  isOver: () => boolean;
}

export interface Compared {
  rows: Row[];
  blocks: BlockRecord[];
}

/** More than a quarter of all blocks dropped: the machine was not fit to measure on. */
const mostDropped = (needed: number): number => Math.floor(needed / 3);

/**
 * Screens all contestants with a few blocks each, and confirms those that the screen leaves open on fresh blocks.
 * Blocks of all contestants alternate in shuffled order.
 */
export async function compare(contestants: readonly Contestant[], means: CompareMeans): Promise<Compared> {
  const present = contestants.filter(({ notInBase }) => notInBase === undefined);
  const screened = await measureStage(present, 'screen', means, {
    settles: (_, blocks) =>
      metricNames.every((metric) => reasonNotToGate(metric, blocks) !== undefined || isSettled(blocks, metric)),
  });
  const rows = contestants.flatMap((contestant) => screenedRows(contestant, screened.get(contestant.name)));
  const open = new Set(rows.flatMap((pending) => (pending.open ? [pending.row.contestant] : [])));
  const suspects = contestants.filter(({ name }) => open.has(name));
  if (suspects.length === 0) return { rows: rows.map(({ row }) => row), blocks: blocksOf(screened) };
  means.observer.confirms(suspects.map(({ name }) => name));
  const openMetrics = (name: string): MetricName[] =>
    rows.flatMap(({ row, open: isOpen }) => (isOpen && row.contestant === name ? [row.metric] : []));
  const confirmed = await measureStage(suspects, 'confirm', means, {
    loops: ({ name }) => [...new Set(openMetrics(name).map((metric) => metrics[metric].loop))],
    settles: ({ name }, blocks) => openMetrics(name).every((metric) => isSettled(blocks, metric)),
  });
  return { rows: confirmedRows(rows, confirmed), blocks: [...blocksOf(screened), ...blocksOf(confirmed)] };
}

/** What a stage brought for a contestant: blocks, and why they are of no use, if so. */
export interface Measured {
  blocks: BlockRecord[];
  verdict?: Verdict;
}

export interface StageNeeds {
  /** All where left out. */
  loops?(contestant: Contestant): readonly LoopKind[];
  /** Whether the blocks of the first look are enough; left out, they never are. */
  settles?(contestant: Contestant, blocks: BlockRecord[]): boolean;
}

/** So many usable blocks of each, in turn. */
export async function measureStage(
  contestants: readonly Contestant[],
  stage: Stage,
  { plan, measure, random, observer, isOver }: CompareMeans,
  needs: StageNeeds = {},
): Promise<Map<string, Measured>> {
  const needed = plan.blocks[stage];
  const found = new Map<string, Measured>(contestants.map(({ name }) => [name, { blocks: [] }]));
  const unfinished = (): Contestant[] =>
    contestants.filter((contestant) => {
      const { verdict, blocks } = found.get(contestant.name)!;
      const fit = usable(blocks);
      return (
        verdict === undefined && fit.length < needed && !(fit.length === firstLook(needed) && needs.settles?.(contestant, fit))
      );
    });
  for (let round = unfinished(); round.length > 0; round = unfinished()) {
    for (const contestant of shuffle(round, random)) {
      const own = found.get(contestant.name)!;
      if (isOver()) {
        const reason = `the time was over after ${usable(own.blocks).length} of ${needed} ${stage === 'confirm' ? 'fresh ' : ''}blocks`;
        own.verdict = { state: 'inconclusive', reason };
        continue;
      }
      try {
        const block = await measure(contestant, stage, needs.loops?.(contestant) ?? loops);
        own.blocks.push(block);
        observer.blockEnds(block, usable(own.blocks).length, needed);
      } catch (error) {
        if (!(error instanceof SockbenchError)) throw error;
        own.verdict = { state: 'failed', reason: error.message };
      }
      const dropped = own.blocks.filter((block) => block.dropped !== undefined);
      if (dropped.length > mostDropped(needed)) {
        const reason = `${dropped.length} of ${own.blocks.length} blocks were disturbed: ${dropped.at(-1)!.dropped}`;
        own.verdict = { state: 'invalid', reason };
      }
    }
  }
  return found;
}

const usable = (blocks: readonly BlockRecord[]): BlockRecord[] => blocks.filter(({ dropped }) => dropped === undefined);
const blocksOf = (measured: ReadonlyMap<string, Measured>): BlockRecord[] => [...measured.values()].flatMap(({ blocks }) => blocks);

const MISSING: Verdict = { state: 'inconclusive', reason: 'fresh blocks lack the figure that the first ones had' };

const isSettled = (blocks: readonly BlockRecord[], metric: MetricName): boolean =>
  settlesEarly(differencesOf(blocks, metric)?.differences ?? []);

/** A row on its way; open ones need fresh blocks. */
interface Pending {
  row: Row;
  open: boolean;
}

function screenedRows({ name, notInBase }: Contestant, measured: Measured | undefined): Pending[] {
  return metricNames.map((metric) => {
    const settled = (verdict: Verdict, rest: Partial<Row> = {}): Pending => {
      return { row: { contestant: name, metric, verdict, ...rest }, open: false };
    };
    if (measured === undefined) return settled({ state: 'not in base', reason: notInBase! });
    const blocks = usable(measured.blocks);
    const medians = mediansOf(blocks, metric);
    if (measured.verdict !== undefined) return settled(measured.verdict, medians);
    const reason = reasonNotToGate(metric, blocks);
    const found = differencesOf(blocks, metric);
    const { finding, settled: isClean } = found === undefined ? {} : screen(found.differences);
    const known = { ...medians, ...(finding && { finding }) };
    if (reason !== undefined) return settled({ state: 'shown only', reason }, known);
    return { ...settled({ state: 'clean' }, known), open: isClean !== true };
  });
}

function confirmedRows(pending: readonly Pending[], confirmed: ReadonlyMap<string, Measured>): Row[] {
  const open = pending.flatMap((each) => (each.open ? [each.row] : []));
  const judged = judgeFresh(open, confirmed);
  return pending.map(({ row, open: isOpen }) => {
    if (!isOpen) return row;
    const { metric, contestant } = row;
    const { verdict, blocks } = confirmed.get(contestant)!;
    const known = { contestant, metric, ...mediansOf(usable(blocks), metric) };
    return verdict === undefined ? { ...known, ...(judged.get(row) ?? { verdict: MISSING }) } : { ...known, verdict };
  });
}

/** All rows that have fresh blocks, judged together. */
function judgeFresh(
  open: readonly Row[],
  confirmed: ReadonlyMap<string, Measured>,
): Map<Row, { finding: Finding; verdict: Verdict }> {
  const fresh = open.flatMap((row) => {
    const { blocks, verdict } = confirmed.get(row.contestant)!;
    const found = verdict === undefined ? differencesOf(usable(blocks), row.metric) : undefined;
    return found === undefined ? [] : [{ row, found }];
  });
  const verdicts = confirm(fresh.map(({ found }) => found));
  return new Map(fresh.map(({ row }, index) => [row, verdicts[index]!]));
}

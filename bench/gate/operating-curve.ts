import { mulberry32 } from '../../loadgen/random.ts';
import { clopperPearson } from '../statistics/clopper-pearson.ts';
import { mean } from '../statistics/mean.ts';
import { hodgesLehmann } from '../statistics/signed-rank.ts';
import type { Contestant } from './arm.ts';
import { compare, type MeasureBlock } from './compare.ts';
import { gatedNames, metrics, type LoopKind } from './metrics.ts';
import { regressedIn, type BlockRecord, type Overall } from './result.ts';
import { differencesOf } from './rows.ts';
import { effects, type SelfTest, type TestedGate } from './self-test.ts';

/** How many of some gates raised an alarm, with exact one-sided 95 % bounds. */
export interface Rate {
  alarms: number;
  gates: number;
  atLeast: number;
  atMost: number;
}

/** How gates with one injected slowdown ended. */
export interface Point extends Rate {
  effect: number;
  /** The injected share as CPU time per message shows it, over all blocks of slowed servers; null where that is not known. */
  measuredEffect: number | null;
  /** Those that were not valid are in here, and not among `gates`. */
  verdicts: Partial<Record<Overall, number>>;
  meanDurationMs: number;
  /**
   * Of synthetic gates, drawn with replacement from the blocks that were measured; null where these are fewer than one gate
   * takes. The bounds are those of the drawing alone: they know nothing of how few blocks were measured.
   */
  resampled: Rate | null;
}

const SYNTHETIC_GATES = 1000;

export async function operatingCurve(found: SelfTest): Promise<Point[]> {
  const points: Point[] = [];
  for (const effect of effects) {
    const gates = found.gates.filter((gate) => gate.effect === effect);
    const valid = gates.filter(({ verdict }) => verdict !== 'invalid' && verdict !== 'failed');
    if (gates.length === 0) continue;
    points.push({
      effect,
      measuredEffect: measuredEffect(gates),
      verdicts: Object.fromEntries(
        gates.map(({ verdict }) => [verdict, gates.filter((other) => other.verdict === verdict).length]),
      ),
      ...rateOf(valid.filter(raisesAlarm).length, valid.length),
      meanDurationMs: mean(gates.map(({ durationMs }) => durationMs)),
      resampled: await resampled(found, effect),
    });
  }
  return points;
}

/** With a slowdown, an alarm about the server that has it: others would be false ones. */
const raisesAlarm = ({ effect, slowed, regressed }: Pick<TestedGate, 'effect' | 'slowed' | 'regressed'>): boolean =>
  effect === 0 ? regressed.length > 0 : regressed.includes(slowed);

function rateOf(alarms: number, gates: number): Rate {
  return { alarms, gates, ...(gates === 0 ? { atLeast: 0, atMost: 1 } : clopperPearson(alarms, gates)) };
}

function measuredEffect(gates: readonly TestedGate[]): number | null {
  const blocks = gates.flatMap((gate) => usable(gate.blocks).filter(({ contestant }) => contestant === gate.slowed));
  const differences = blocks.flatMap((block) => differencesOf([block], 'cpu')?.differences ?? []); // some are of open loops alone
  return differences.length === 0 ? null : Math.expm1(hodgesLehmann(differences));
}

const isSlowed = (gate: TestedGate, { contestant }: BlockRecord): boolean => gate.effect > 0 && gate.slowed === contestant;

/** Gates of all models, in each of which the blocks of one are drawn from those with the slowdown, all others from equal ones. */
async function resampled({ models, plan, gates, equal, seed }: SelfTest, effect: number): Promise<Rate | null> {
  const slowedBlocks = gates
    .filter((gate) => gate.effect === effect)
    .flatMap((gate) => usable(gate.blocks).filter((block) => isSlowed(gate, block)));
  const equalBlocks = usable([...equal, ...gates.flatMap((gate) => gate.blocks.filter((block) => !isSlowed(gate, block)))]);
  const pool = (model: string, stage: BlockRecord['stage'], slowed: boolean): BlockRecord[] =>
    (slowed ? slowedBlocks : equalBlocks).filter((block) => block.contestant === model && block.stage === stage);
  const isEnough = (model: string, slowed: boolean): boolean =>
    (['screen', 'confirm'] as const).every((stage) => pool(model, stage, slowed).length >= plan.blocks[stage]);
  const candidates = models.filter((model) => isEnough(model, effect > 0));
  if (candidates.length === 0 || !models.every((model) => isEnough(model, false))) return null;
  const random = mulberry32(seed);
  let alarms = 0;
  for (let gate = 0; gate < SYNTHETIC_GATES; gate += 1) {
    const slowed = candidates[gate % candidates.length]!;
    const measure: MeasureBlock = async ({ name }, stage, loops) => {
      const all = pool(name, stage, effect > 0 && name === slowed);
      const whole = all.filter((block) => hasLoops(block, loops));
      const from = whole.length >= plan.blocks[stage] ? whole : all;
      return from[Math.floor(random() * from.length)]!;
    };
    const { rows } = await compare(models.map(unstarted), { ...silently, plan, measure, random });
    if (raisesAlarm({ effect, slowed, regressed: regressedIn(rows) })) alarms += 1;
  }
  return rateOf(alarms, SYNTHETIC_GATES);
}

const hasLoops = (block: BlockRecord, loops: readonly LoopKind[]): boolean =>
  gatedNames.every((metric) => !loops.includes(metrics[metric].loop) || differencesOf([block], metric) !== undefined);

const silently = { observer: { blockEnds() {}, confirms() {} }, isOver: () => false };

const command = async (): Promise<string[]> => [];

function unstarted(name: string): Contestant {
  return { name, connections: 0, base: { title: 'base', command }, head: { title: 'head', command } };
}

const usable = (blocks: readonly BlockRecord[]): BlockRecord[] => blocks.filter(({ dropped }) => dropped === undefined);

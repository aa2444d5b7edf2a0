import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';
import padjust from '@stdlib/stats-padjust';
import { hodgesLehmann, signedRankP, upperBound } from '../statistics/signed-rank.ts';
import { formatShare } from '../report/format.ts';
import type { Finding, Verdict } from './verdict.ts';

/** Logarithms of head over base of the blocks, in time's order; above 0 is worse. */
export type Differences = readonly number[];

/** A gate: the numbers by which it decides, fixed before anything is measured. */
export const rule = {
  /** False alarms of a whole gate, over all its rows. */
  alarms: 0.01,
  /** A row is clean when a slowdown of this much is excluded, */
  excluded: 0.05,
  /** with this confidence. */
  confidence: 0.95,
  /** or with this one where it is looked at before all blocks are measured: two looks are wrong more often than one. */
  early: 0.99,
  /** Less than this is no regression, however sure. */
  least: 0.02,
  /** A first p-value up to this is a suspicion. */
  suspicion: 0.1,
} as const;

/** After how many blocks a stage is looked at before its end: half of them, and as many as can have a bound so sure. */
export const firstLook = (blocks: number): number => Math.max(Math.ceil(Math.log2(1 / (1 - rule.early))), Math.ceil(blocks / 2));

/** Whether a row is clean at the first look: a stage whose rows all are is over. Alarms are never raised early. */
export const settlesEarly = (differences: Differences): boolean =>
  signedRankP(differences, 'greater') > rule.suspicion && share(upperBound(differences, rule.early)) < rule.excluded;

/** What the first blocks say; `settled` rows are clean, the others need fresh blocks. */
export function screen(differences: Differences): { finding: Finding; settled: boolean } {
  const found = findingOf('screen', differences, 1);
  return { finding: found, settled: found.p > rule.suspicion && excludesSlowdown(found) };
}

export interface ConfirmingRow {
  differences: Differences;
  /** Base against base again, from the same blocks. */
  control: Differences;
}

/** Judges all rows that the screen left open by their fresh blocks alone: whatever the screen did, alarms stay as rare as the rule says. */
export function confirm(rows: readonly ConfirmingRow[]): { finding: Finding; verdict: Verdict }[] {
  const adjusted = holm(rows.map(({ differences }) => signedRankP(differences, 'greater')));
  const controls = holm(rows.map(({ control }) => signedRankP(control, 'two-sided')));
  return rows.map(({ differences, control }, index) => {
    const found: Finding = {
      ...findingOf('confirm', differences, rows.length),
      p: adjusted[index]!,
      control: { effect: share(hodgesLehmann(control)), p: controls[index]! },
    };
    return { finding: found, verdict: judge(found) };
  });
}

function judge(found: Finding): Verdict {
  const { effect, p, control, detectable } = found;
  if (control !== undefined && control.p <= rule.alarms) {
    return { state: 'invalid', reason: `base differed from base again by ${formatShare(control.effect)}` };
  }
  const beyondControl = effect >= Math.abs(control?.effect ?? 0);
  if (p <= rule.alarms && effect >= rule.least && beyondControl) return { state: 'regressed' };
  if (excludesSlowdown(found)) return { state: 'clean' };
  return {
    state: 'inconclusive',
    reason: `too much noise: only ${detectable === null ? 'large effects' : `${formatShare(detectable)} or more`} would have been seen`,
  };
}

const excludesSlowdown = ({ upperBound: bound }: Finding): boolean => bound !== null && bound < rule.excluded;

/** @param rows how many rows the level of the test is shared among */
function findingOf(stage: Finding['stage'], differences: Differences, rows: number): Finding {
  const location = hodgesLehmann(differences);
  const bound = upperBound(differences, rule.confidence);
  const level = stage === 'screen' ? rule.suspicion : rule.alarms / rows;
  // The standard error from the bound rather than from the deviations: outliers, which ranks don't mind, don't swell it.
  const standardError = (bound - location) / z(rule.confidence);
  const detectable = share(Math.max((z(1 - level) + z(rule.confidence)) * standardError, Math.log1p(rule.least)));
  return {
    stage,
    blocks: differences.length,
    effect: share(location),
    upperBound: finite(share(bound)),
    p: signedRankP(differences, 'greater'),
    detectable: finite(detectable),
  };
}

/** Holm's step-down procedure (1979) over p-values. */
const holm = (pValues: number[]): number[] => (pValues.length === 0 ? [] : [...padjust(pValues, 'holm')]);

const z = (probability: number): number => normalQuantile(probability, 0, 1);
const share = (logarithm: number): number => Math.expm1(logarithm);
const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

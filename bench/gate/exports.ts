import { metrics } from './metrics.ts';
import type { GateResult, Row } from './result.ts';

/** Measured rows of the first comparison, the one with base: what trackers keep is head's figures. */
function measured({ comparisons }: GateResult): (Row & { head: number })[] {
  return (comparisons[0]?.rows ?? []).flatMap((row) => (row.head === undefined ? [] : [{ ...row, head: row.head }]));
}

/** The `customSmallerIsBetter` format of github-action-benchmark; rates become the time between messages, because smaller must be better. */
export function toBenchmarkAction(result: GateResult): { name: string; unit: string; value: number; extra: string }[] {
  return measured(result).map(({ contestant, metric, head, verdict }) => ({
    name: `${contestant} · ${metrics[metric].title}`,
    unit: metrics[metric].unit === 'ns' ? 'ns' : 'ns between messages',
    value: metrics[metric].unit === 'ns' ? head : 1e9 / head,
    extra: verdict.state,
  }));
}

/** Bencher Metric Format: by benchmark, by measure, a value. */
export function toBencher(result: GateResult): Record<string, Record<string, { value: number }>> {
  const names = [...new Set(measured(result).map(({ contestant }) => contestant))];
  return Object.fromEntries(
    names.map((name) => {
      const own = measured(result).filter(({ contestant }) => contestant === name);
      return [name, Object.fromEntries(own.map(({ metric, head }) => [metric, { value: head }]))];
    }),
  );
}

/** A line of a history: enough to draw trends, never to gate by. */
export function toHistoryLine({ startedAt, head, verdict, comparisons, seed }: GateResult): string {
  const rows = comparisons.flatMap(({ against, commit, rows: own }) =>
    own.map(({ contestant, metric, verdict: { state }, base, head: measuredHead, finding }) => ({
      against,
      commit,
      contestant,
      metric,
      verdict: state,
      base,
      head: measuredHead,
      effect: finding?.effect,
    })),
  );
  return `${JSON.stringify({ startedAt, commit: head.commit, clean: head.uncommitted.length === 0, verdict, seed, rows })}\n`;
}

import type { Interval } from './order.ts';

/** A place in a ranking: 1 for the highest. Shared when no order can be told. */
export interface Rank {
  place: number;
  /** Another's interval overlaps this one's, so their order is not sure. */
  tied: boolean;
}

/**
 * Four values, whose range is an interval with this confidence: two such ranges of one distribution lie apart once in
 * 35 cases, 2 / C(8, 4) (Mann and Whitney 1947). Of fewer values, no order is sure.
 */
const LEAST_CONFIDENCE = 0.875;

/**
 * Ranks by intervals, highest first: one is above another only where its interval lies wholly above. The place is one more
 * than the number of those that are above for sure; few trials or an uncertain order make ties, never a winner.
 */
export function rank(intervals: readonly Interval[]): Rank[] {
  return intervals.map((own, index) => ({
    place: 1 + intervals.filter((other) => isAbove(other, own)).length,
    tied: intervals.some((other, at) => at !== index && !isAbove(other, own) && !isAbove(own, other)),
  }));
}

const isAbove = (one: Interval, other: Interval): boolean =>
  one.low > other.high && Math.min(one.confidence, other.confidence) >= LEAST_CONFIDENCE;

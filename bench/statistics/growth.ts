import { median } from './order.ts';

/** Fewer looks could all rise by chance. */
export const FEWEST_LOOKS = 9;

export interface Growth {
  from: number;
  to: number;
  grows: boolean;
}

/**
 * Whether something that was looked at again and again goes on growing once it has had the first third to warm up: every look of the
 * last third lies above every one of the third before, which of n unordered looks a third happens once in (2k choose k), k = n/3
 * (Mann and Whitney's extreme case: 1 in 20 for 9 looks, 1 in 924 for 18), and the medians differ by more than may be.
 * @param tolerated how much more than before may be, as a share, and at least how much
 */
export function growthOf(looks: readonly number[], tolerated: { share: number; least: number }): Growth {
  const third = Math.floor(looks.length / 3);
  const [middle, last] = [looks.slice(-2 * third, -third), looks.slice(-third)];
  const [from, to] = [median(middle), median(last)];
  const rises = Math.min(...last) > Math.max(...middle);
  return { from, to, grows: rises && to - from > Math.max(tolerated.least, from * tolerated.share) };
}

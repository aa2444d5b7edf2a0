import { shuffle } from '../statistics/shuffle.ts';

/**
 * The order in which a block measures its arms: rounds of one slice each, in pairs of opposite order, shuffled. Each arm's
 * slots have the same sum, so that a slot which is always slower, or a drift, makes no arm slower than another.
 * @param rounds an even number
 * @returns by round, the arms' numbers
 */
export function sliceOrder(arms: number, rounds: number, random: () => number): number[][] {
  const pairs = Array.from({ length: rounds / 2 }, () => {
    const order = shuffle([...Array(arms).keys()], random);
    return [order, order.toReversed()];
  });
  return shuffle(pairs.flat(), random);
}

/**
 * A small choice of cases in which every pair of values of any two factors that occurs at all still occurs: most faults
 * need no more than two things to come together. Greedy: what brings most new pairs comes next, and
 * among equals what has been used least.
 */
export function pairwise<Case>(cases: readonly Case[], factors: ReadonlyArray<(one: Case) => string>): Case[] {
  const pairs = cases.map((one) => pairsOf(factors.map((factor) => factor(one))));
  const uses = new Map(pairs.flat().map((pair) => [pair, 0]));
  const chosen = new Set<number>();
  for (;;) {
    const gains = pairs.map((some) => some.filter((pair) => uses.get(pair) === 0).length);
    const most = Math.max(...gains);
    if (most === 0) return cases.filter((_, index) => chosen.has(index));
    const wear = (some: readonly string[]): number => some.reduce((sum, pair) => sum + uses.get(pair)!, 0);
    const candidates = pairs.map((_, index) => index).filter((index) => gains[index] === most);
    const best = candidates.reduce((left, right) => (wear(pairs[right]!) < wear(pairs[left]!) ? right : left));
    chosen.add(best);
    for (const pair of pairs[best]!) uses.set(pair, uses.get(pair)! + 1);
  }
}

function pairsOf(values: readonly string[]): string[] {
  return values.flatMap((value, index) =>
    values.slice(index + 1).map((other, distance) => JSON.stringify([index, value, index + 1 + distance, other])),
  );
}

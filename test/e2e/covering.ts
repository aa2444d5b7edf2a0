/**
 * A small choice of cases in which every aspect that any case has still occurs. With pairs of values as aspects it is a
 * pairwise choice: most faults need no more than two things to come together. Greedy: what brings most new aspects comes
 * next, and among equals what has been used least.
 */
export function covering<Case>(cases: readonly Case[], aspectsOf: (one: Case) => readonly string[]): Case[] {
  const aspects = cases.map(aspectsOf);
  const uses = new Map(aspects.flat().map((aspect) => [aspect, 0]));
  const chosen = new Set<number>();
  for (;;) {
    const gains = aspects.map((some) => some.filter((aspect) => uses.get(aspect) === 0).length);
    const most = Math.max(...gains);
    if (most === 0) return cases.filter((_, index) => chosen.has(index));
    const wear = (some: readonly string[]): number => some.reduce((sum, aspect) => sum + uses.get(aspect)!, 0);
    const candidates = aspects.map((_, index) => index).filter((index) => gains[index] === most);
    const best = candidates.reduce((left, right) => (wear(aspects[right]!) < wear(aspects[left]!) ? right : left));
    chosen.add(best);
    for (const aspect of aspects[best]!) uses.set(aspect, uses.get(aspect)! + 1);
  }
}

/** What a case shows, and what it takes. */
export interface Traits {
  readonly aspects: readonly string[];
  /** The server that it shares with other cases. */
  readonly server?: string | undefined;
  /** It starts a server in any case, not only where nobody has started the one that it shares. */
  readonly startsOne: boolean;
}

/** What a case costs that starts no server, where one that does costs 1. */
const CHEAP = 0.2;

/**
 * A choice of cases, with few servers, in which every aspect that any case has still occurs. With pairs of values as
 * aspects it is a pairwise choice: most faults need no more than two things to come together. Greedy: what brings most
 * new aspects for its cost comes next, and among equals what has been used least.
 */
export function covering<Case>(cases: readonly Case[], traitsOf: (one: Case) => Traits): Case[] {
  const numbers = new Map<string, number>();
  const numberOf = (aspect: string): number => numbers.get(aspect) ?? numbers.set(aspect, numbers.size).size - 1;
  let left = cases.map((one) => {
    const { aspects, ...traits } = traitsOf(one);
    return { one, ...traits, aspects: aspects.map(numberOf), gain: 0 };
  });
  const uses = Array<number>(numbers.size).fill(0);
  const started = new Set<string | undefined>();
  const chosen = new Set<Case>();
  const wear = ({ aspects }: (typeof left)[number]): number => aspects.reduce((sum, aspect) => sum + uses[aspect]!, 0);
  for (;;) {
    for (const each of left) {
      const fresh = each.aspects.filter((aspect) => uses[aspect] === 0).length;
      each.gain = fresh / (each.startsOne || !started.has(each.server) ? 1 : CHEAP);
    }
    left = left.filter(({ gain }) => gain > 0);
    if (left.length === 0) return cases.filter((one) => chosen.has(one));
    const most = left.reduce((highest, { gain }) => Math.max(highest, gain), 0);
    const best = left.filter(({ gain }) => gain === most).reduce((one, other) => (wear(other) < wear(one) ? other : one));
    chosen.add(best.one);
    started.add(best.server);
    for (const aspect of best.aspects) uses[aspect]! += 1;
  }
}

/** A change in CPU time per message below this is none. */
const STABLE = 0.03;
const FEWEST_ROUNDS = 3;

/**
 * Whether servers that have just started need no more warming up: each one's CPU time per message has stopped falling from
 * one round to the next, or it has had as many rounds as it may.
 * @param rounds by round, a figure for each server
 * @param most rounds
 */
export function isWarm(rounds: readonly (readonly number[])[], most: number): boolean {
  const [before, last] = rounds.slice(-2);
  if (rounds.length >= most) return true;
  if (rounds.length < FEWEST_ROUNDS || before === undefined || last === undefined) return false;
  return last.every((figure, server) => figure > before[server]! * (1 - STABLE));
}

/** What a trial at a rate says; `void`: nothing about the server, so that no further trial would either. */
export type Verdict = 'kept' | 'broken' | 'void';

export interface Highest {
  /** The highest rate that was kept; undefined when none was. */
  rate: number | undefined;
  /** The next higher one that was tried, and what became of it; undefined when none was. */
  beyond: { rate: number; verdict: Verdict } | undefined;
}

/** Neighbours of the result are as near to it as that. */
const PRECISION = 1.03;
const MOST_DOUBLINGS = 24;
const MOST_HALVINGS = 7;

/**
 * The highest rate that is kept, within 3 %: doubled until one breaks, or halved until one is kept, then bisected on a log scale.
 * @param first where to begin
 */
export async function highestRate(first: number, attempt: (rate: number) => Promise<Verdict>): Promise<Highest> {
  let kept: number | undefined;
  let beyond: Highest['beyond'];
  const next = (): number => {
    if (kept !== undefined && beyond !== undefined) return Math.sqrt(kept * beyond.rate);
    return kept === undefined ? (beyond === undefined ? first : beyond.rate / 2) : kept * 2;
  };
  const isOver = (): boolean => {
    if (beyond?.verdict === 'void') return true;
    if (kept === undefined) return beyond !== undefined && beyond.rate * 2 ** MOST_HALVINGS <= first;
    return beyond === undefined ? kept >= first * 2 ** MOST_DOUBLINGS : beyond.rate / kept <= PRECISION;
  };
  while (!isOver()) {
    const rate = next();
    const verdict = await attempt(rate);
    if (verdict === 'kept') kept = rate;
    else beyond = { rate, verdict };
  }
  return { rate: kept, beyond };
}

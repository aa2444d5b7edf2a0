/** Standard normal, by Box and Muller. */
export const normal = (random: () => number): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** Student's t with 3 degrees of freedom, scaled to a standard deviation of 1: one value in 100 lies beyond 2.6. */
export function heavyTailed(random: () => number): number {
  const chiSquare = normal(random) ** 2 + normal(random) ** 2 + normal(random) ** 2;
  return normal(random) / Math.sqrt(chiSquare);
}

export interface CurvePoint {
  x: number;
  y: number;
}

/**
 * Where a rising curve begins to bend upwards steeply: its point farthest below the chord from the first point to the last, both axes
 * scaled to 1. That is the highest point of Kneedle's difference curve (Satopaa, Albrecht, Irwin, Raghavan 2011), without its smoothing.
 * @param points by ascending x
 * @returns undefined where no point lies below the chord
 */
export function knee(points: readonly CurvePoint[]): CurvePoint | undefined {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined || last.x <= first.x || last.y <= first.y) return undefined;
  const below = ({ x, y }: CurvePoint): number => (x - first.x) / (last.x - first.x) - (y - first.y) / (last.y - first.y);
  const lowest = points.reduce((found, point) => (below(point) > below(found) ? point : found));
  return below(lowest) > 0 ? lowest : undefined;
}

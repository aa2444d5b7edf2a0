import { sum } from '../../loadgen/sum.ts';
import { mean } from './mean.ts';

/**
 * Slope of the line from which the points lie the least squared distance away, measured along y:
 * Σ(x - x̄)(y - ȳ) / Σ(x - x̄)² (Draper and Smith, Applied Regression Analysis, 1.2). NaN unless two x differ.
 */
export function leastSquaresSlope(points: readonly (readonly [x: number, y: number])[]): number {
  const meanX = mean(points.map(([x]) => x));
  const meanY = mean(points.map(([, y]) => y));
  return sum(points.map(([x, y]) => (x - meanX) * (y - meanY))) / sum(points.map(([x]) => (x - meanX) ** 2));
}

import { fcnnlsVector } from 'ml-fcnnls';
import { sum } from '../../loadgen/sum.ts';

/** Throughput at a load of N: `single` N / (1 + contention (N - 1) + coherency N (N - 1)). */
export interface ScalabilityLaw {
  /** Throughput at N = 1, as fitted. */
  single: number;
  /** Share of the work that nothing can do beside it (σ, Amdahl's serial share). */
  contention: number;
  /** What agreeing with each of the others costs (κ): above 0 throughput falls beyond a peak. */
  coherency: number;
  /** Root mean square of the relative residuals. */
  error: number;
}

/** Three parameters through three points would always fit. */
export const LEAST_POINTS = 4;

/**
 * Fits Gunther's Universal Scalability Law (A General Theory of Computational Scalability, arXiv:0808.1431, 2008) by least squares of relative residuals,
 * no parameter below 0. N / throughput is linear in 1 / single, contention / single and coherency / single, so the fit is
 * Lawson and Hanson's non-negative least squares, here in its fast combinatorial form (Van Benthem and Keenan 2004).
 * @returns undefined with fewer than LEAST_POINTS different N, or where nothing is left to divide by
 */
export function fitScalabilityLaw(points: readonly (readonly [n: number, throughput: number])[]): ScalabilityLaw | undefined {
  if (new Set(points.map(([n]) => n)).size < LEAST_POINTS) return undefined;
  // Each row is divided by its own N / throughput, which is thereby 1: a residual of 0.1 is 10 % anywhere.
  const rows = points.map(([n, throughput]) => [1, n - 1, n * (n - 1)].map((term) => (term * throughput) / n));
  const scales = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]!)));
  const scaled = rows.map((row) => row.map((value, column) => value / scales[column]!));
  const solved = fcnnlsVector(
    scaled,
    rows.map(() => 1),
  ).K.to1DArray();
  const [one, two, three] = solved.map((value, column) => value / scales[column]!) as [number, number, number];
  if (!(one > 0)) return undefined;
  const law = { single: 1 / one, contention: cost(two / one), coherency: cost(three / one) };
  const residuals = points.map(([n, throughput]) => predict(law, n) / throughput - 1);
  return { ...law, error: Math.sqrt(sum(residuals.map((residual) => residual ** 2)) / residuals.length) };
}

/** What rounding leaves is no cost. */
const cost = (share: number): number => (share < 1e-12 ? 0 : share);

export function predict({ single, contention, coherency }: Omit<ScalabilityLaw, 'error'>, n: number): number {
  return (single * n) / (1 + contention * (n - 1) + coherency * n * (n - 1));
}

/** The N at which throughput is highest (where the law's derivative is 0): √((1 - σ) / κ), at least 1; Infinity where it never falls. */
export function peak({ contention, coherency }: Omit<ScalabilityLaw, 'error'>): number {
  return Math.max(1, Math.sqrt(Math.max(0, 1 - contention) / coherency));
}

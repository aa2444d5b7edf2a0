import { sum } from '../../loadgen/sum.ts';

/** NaN for none. */
export const mean = (values: readonly number[]): number => sum(values) / values.length;

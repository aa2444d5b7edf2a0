import { performance } from 'node:perf_hooks'; // as an import: the global is a getter, which hot code pays for

/** Each thread's performance.now() counts from another instant; this makes their times comparable. */
const ORIGIN_NS = Math.round(Number(process.hrtime.bigint()) - performance.now() * 1e6);

/** Monotonic time in ns, as a double, the same in all threads. process.hrtime.bigint would allocate a BigInt for every message. */
export const nowNs = (): number => performance.now() * 1e6 + ORIGIN_NS;

/** An instant in ns as this thread's performance.now() tells it. */
export const asPerformanceNow = (atNs: number): number => (atNs - ORIGIN_NS) / 1e6;

import { performance } from 'node:perf_hooks'; // as an import: the global is a getter, which hot code pays for

/** Monotonic time in ns, as a double. process.hrtime.bigint would allocate a BigInt for every message. */
export const nowNs = (): number => performance.now() * 1e6;

/** Monotonic time in ns, as a double. process.hrtime.bigint would allocate a BigInt for every message. */
export const nowNs = (): number => performance.now() * 1e6;

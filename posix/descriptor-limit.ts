import { checked, libc, posixUnavailable } from './libc.ts';

const RLIMIT_NOFILE = 7;

/** How many descriptors this process may hold (getrlimit(2)); Infinity where the system doesn't say. */
export function descriptorLimit(): number {
  if (posixUnavailable !== undefined) return Infinity;
  const limits = new BigUint64Array(2);
  checked('getrlimit', -1, libc.getrlimit(RLIMIT_NOFILE, limits));
  return Number(limits[0]!);
}

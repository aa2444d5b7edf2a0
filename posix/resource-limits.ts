import { checked, libc, posixUnavailable } from './libc.ts';

const RLIMIT_DATA = 2;
const RLIMIT_NOFILE = 7;
const RLIMIT_AS = 9;
const RLIM_INFINITY = 2n ** 64n - 1n;

/** How many descriptors this process may hold (getrlimit(2)); Infinity where there is no limit, or the system doesn't say. */
export const descriptorLimit = (): number => softLimit(RLIMIT_NOFILE);

/** How many bytes this process, with all its threads, may map (RLIMIT_AS, RLIMIT_DATA: `ulimit -v`, `-d`); Infinity likewise. */
export const mappingLimit = (): number => Math.min(softLimit(RLIMIT_AS), softLimit(RLIMIT_DATA));

function softLimit(resource: number): number {
  if (posixUnavailable !== undefined) return Infinity;
  const limits = new BigUint64Array(2);
  checked('getrlimit', -1, libc.getrlimit(resource, limits));
  return limits[0] === RLIM_INFINITY ? Infinity : Number(limits[0]!);
}

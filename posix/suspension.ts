import { libc, posixUnavailable } from './libc.ts';

const CLOCK_MONOTONIC = 1;
const CLOCK_BOOTTIME = 7;

/** `struct timespec`: seconds, nanoseconds. */
const time = new BigInt64Array(2);

/**
 * For how long the machine has been suspended since it was started: CLOCK_BOOTTIME goes on meanwhile, CLOCK_MONOTONIC, by which
 * Node measures time, stands still (clock_gettime(2)). Two reads one after the other: true to what may come between them.
 * @returns undefined where the system doesn't say
 */
export function suspendedNs(): number | undefined {
  if (posixUnavailable !== undefined) return undefined;
  const monotonicNs = read(CLOCK_MONOTONIC);
  return read(CLOCK_BOOTTIME) - monotonicNs;
}

function read(clock: number): number {
  libc.clock_gettime(clock, time);
  return Number(time[0]! * 1_000_000_000n + time[1]!);
}

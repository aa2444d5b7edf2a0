import { checked, libc } from './libc.ts';

const SOL_SOCKET = 1;
const SO_RCVTIMEO = 20;
const SO_SNDTIMEO = 21;

/** The longest that `receive` sleeps on a blocking socket before it returns -EAGAIN; see socket(7). */
export function limitReceiving(fd: number, ms: number): void {
  limit(fd, SO_RCVTIMEO, ms);
}

/** The longest that `send` sleeps on a blocking socket of which nobody reads before it returns -EAGAIN. */
export function limitSending(fd: number, ms: number): void {
  limit(fd, SO_SNDTIMEO, ms);
}

/** `struct timeval`: seconds and microseconds in 64 bits each. All zero would mean no limit. */
function limit(fd: number, option: number, ms: number): void {
  const us = Math.max(1, Math.round(ms * 1000));
  const timeval = new BigInt64Array([BigInt(Math.floor(us / 1e6)), BigInt(us % 1e6)]);
  checked('setsockopt of a time limit', fd, libc.setsockopt(fd, SOL_SOCKET, option, new Int32Array(timeval.buffer), 16));
}

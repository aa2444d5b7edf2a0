import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { pageOf, parseCalls, type SystemCall } from './system-call.ts';

/** Printed of each string: enough for the tag at the beginning of a test's message. */
const STRING_BYTES = 16;
/** `?`: not every processor has it. */
const CALLS = Array.from(pageOf.keys(), (name) => `?${name}`).join();

/** What to put in front of a command so that its calls, and those of all that it starts, are written to `file`. */
export function tracedTo(file: string): string[] {
  const what = ['-e', `trace=${CALLS}`, '-e', 'signal=none', '-s', String(STRING_BYTES)];
  return ['strace', '--follow-forks', '--seccomp-bpf', '-qq', '-ttt', ...what, '-o', file];
}

/** What has been written so far: a call that returned stands there before the caller goes on. */
export const readCalls = (file: string): SystemCall[] => parseCalls(readFileSync(file, 'latin1'));

/** Why calls can't be traced here. */
export const withoutStrace = obstacle();

function obstacle(): string | undefined {
  if (process.platform !== 'linux') return `needs strace, this is ${process.platform}`;
  const { error, status, stderr } = spawnSync('strace', [...tracedTo('/dev/null').slice(1), 'true'], { encoding: 'utf8' });
  if (error) return 'needs strace, which is not installed';
  return status === 0 ? undefined : `strace can't trace here: ${stderr.trim()}`;
}

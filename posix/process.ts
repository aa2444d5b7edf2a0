import { existsSync, readFileSync } from 'node:fs';
import { libc, posixUnavailable, systemError } from './libc.ts';

const PR_SET_PDEATHSIG = 1;
const PR_SET_TIMERSLACK = 29;
const SIGKILL = 9;
const SETPRIV = '/usr/bin/setpriv';
/** Room for 1024 CPUs, as in glibc's cpu_set_t. */
const MASK_BYTES = 128;
/** `struct timespec`: seconds, nanoseconds. */
const time = new BigInt64Array(2);

/**
 * From now on this process dies with its parent, however the parent ends (prctl(2), PR_SET_PDEATHSIG), so that nothing
 * survives a SIGKILL of the bench. Where there is no prctl, the IPC channel does it, if the parent opened one.
 * @param starterPid the process that asked for this one: it may have died before this call
 */
export function dieWithParent(starterPid: number): void {
  if (posixUnavailable === undefined) libc.prctl(PR_SET_PDEATHSIG, SIGKILL);
  else process.once('disconnect', () => process.exit(1));
  const disconnected = posixUnavailable !== undefined && process.send !== undefined && !process.connected; // before anyone listened
  if (disconnected || !isAlive(starterPid)) process.exit(1);
}

/** Timed waits of this thread end when they are over, not up to 50 µs later as the kernel would like (prctl(2), PR_SET_TIMERSLACK). */
export function wakePunctually(): void {
  libc.prctl(PR_SET_TIMERSLACK, 1);
}

/** What a parent adds to the `stdio` of a child that calls `dieWithParent`: the IPC channel, where it is needed. */
export const lifeline: readonly 'ipc'[] = posixUnavailable === undefined ? [] : ['ipc'];

/**
 * The command wrapped so that it dies with this process, for programs that can't be asked to see to it themselves;
 * unchanged where util-linux's setpriv is missing.
 */
export function tiedToThisProcess(command: readonly string[]): readonly string[] {
  return existsSync(SETPRIV) ? [SETPRIV, '--pdeathsig', 'KILL', '--', ...command] : command;
}

/** Whether a process runs. One that has ended and waits for its parent to notice, a zombie, doesn't. */
export function isAlive(pid: number): boolean {
  if (!exists(pid)) return false;
  if (process.platform !== 'linux') return true;
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'latin1'));
  } catch {
    return false; // its parent has just noticed
  }
}

/** Whether a process runs, or is a zombie. */
export function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * Runs `spawn` while this thread is confined to `cpus`; a process started meanwhile inherits that, all its threads
 * included (sched_setaffinity(2)). Where that can't be done, `spawn` runs unconfined.
 */
export function withAffinity<T>(cpus: readonly number[] | undefined, spawn: () => T): T {
  if (cpus === undefined || posixUnavailable !== undefined) return spawn();
  const before = Buffer.alloc(MASK_BYTES);
  if (libc.sched_getaffinity(0, MASK_BYTES, before) < 0) throw systemError('sched_getaffinity', 0);
  const wanted = Buffer.alloc(MASK_BYTES);
  for (const cpu of cpus) wanted[cpu >> 3]! |= 1 << (cpu & 7);
  if (libc.sched_setaffinity(0, MASK_BYTES, wanted) < 0) throw systemError(`sched_setaffinity to CPU ${cpus.join(',')}`, 0);
  try {
    return spawn();
  } finally {
    libc.sched_setaffinity(0, MASK_BYTES, before);
  }
}

/** The CPUs that this process may use, as numbers; undefined where the system doesn't say. */
export function allowedCpus(): number[] | undefined {
  if (posixUnavailable !== undefined) return undefined;
  const mask = Buffer.alloc(MASK_BYTES);
  if (libc.sched_getaffinity(0, MASK_BYTES, mask) < 0) return undefined;
  return Array.from({ length: MASK_BYTES * 8 }, (_, cpu) => cpu).filter((cpu) => mask[cpu >> 3]! & (1 << (cpu & 7)));
}

/**
 * CPU time in ns that a process has used so far, all its threads, ended ones too, but not its children.
 * The clock's id is made from the pid as clock_getcpuclockid(3) does it in glibc and musl: (~pid << 3) | CPUCLOCK_SCHED.
 * @returns undefined when there is no such process
 */
export function processCpuNs(pid: number): number | undefined {
  const CPUCLOCK_SCHED = 2;
  if (libc.clock_gettime((~pid << 3) | CPUCLOCK_SCHED, time) < 0) return undefined;
  return Number(time[0]! * 1_000_000_000n + time[1]!);
}

import { readdirSync, readFileSync } from 'node:fs';

/** A process that can be told from a later one with the same number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks since boot, see proc_pid_stat(5); 0 where there is no /proc. */
  readonly startTime: number;
}

/** Why a test that looks into processes can't run here. */
export const withoutProc = process.platform === 'linux' ? undefined : `needs /proc, this is ${process.platform}`;

/** The process and everything below it. Without /proc, the process alone. */
export function processTree(pid: number): ProcessIdentity[] {
  if (withoutProc !== undefined) return [{ pid, startTime: 0 }];
  const status = statusOf(pid);
  return status ? [{ pid, startTime: status.startTime }, ...childrenOf(pid).flatMap(processTree)] : [];
}

/**
 * Whether the process has ended; one that only waits for its parent to notice has. Its first thread may end before the
 * others, and until the last of them has, what it holds stays open.
 */
export function isGone({ pid, startTime }: ProcessIdentity): boolean {
  if (withoutProc === undefined) {
    const status = statusOf(pid);
    return status?.startTime !== startTime || ('ZX'.includes(status.state) && threadsOf(pid).length <= 1);
  }
  try {
    return !process.kill(pid, 0);
  } catch {
    return true;
  }
}

/** Whether every thread of the process sleeps. One that could go on has state R, also while it waits for a CPU. */
export function isAsleep({ pid }: ProcessIdentity): boolean {
  try {
    return threadsOf(pid).every((thread) => statFields(readFileSync(`/proc/${pid}/task/${thread}/stat`, 'latin1'))[0] === 'S');
  } catch {
    return false; // a thread has ended meanwhile
  }
}

/** How many descriptors these processes hold together. */
export function descriptorCount(tree: readonly ProcessIdentity[]): number {
  return tree.map(({ pid }) => entriesOf(`/proc/${pid}/fd`).length).reduce((sum, count) => sum + count, 0);
}

const threadsOf = (pid: number): string[] => entriesOf(`/proc/${pid}/task`);

/** Of a folder of a process; none when that has ended meanwhile. */
function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function childrenOf(pid: number): number[] {
  try {
    return threadsOf(pid).flatMap((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, 'latin1').split(' ').filter(Boolean).map(Number),
    );
  } catch {
    return []; // ended meanwhile
  }
}

function statusOf(pid: number): { state: string; startTime: number } | undefined {
  try {
    const fields = statFields(readFileSync(`/proc/${pid}/stat`, 'latin1'));
    return { state: fields[0]!, startTime: Number(fields[19]) };
  } catch {
    return undefined;
  }
}

/** The fields of proc_pid_stat(5) from the state on; the name before may hold spaces. */
const statFields = (text: string): string[] => text.slice(text.lastIndexOf(')') + 2).split(' ');

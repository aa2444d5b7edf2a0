import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { posixUnavailable } from '../posix/libc.ts';
import { processCpuNs } from '../posix/process.ts';

/** What a process and all its descendants have used. Linux only: elsewhere nothing is known, and said to be so. */
export interface TreeUsage {
  /** CPU time of all threads, ended ones and ended children included. */
  cpuNs: number;
  /** Sum of each process's highest resident set (VmHWM); memory that processes share counts in each. */
  peakMemoryBytes: number;
  processes: number;
  /** CPU time as proc_pid_stat(5) splits it, in ticks of 10 ms: all of it, and the part in the kernel. */
  ticks: number;
  kernelTicks: number;
  /** Threads that run or could: not asleep, so they have something to do. */
  runnable: number;
  /** The threads that run now, by their ids; what ended ones have used is in `cpuNs` only. */
  threads: ReadonlyMap<number, ThreadUsage>;
}

export interface ThreadUsage {
  cpuNs: number;
  /** It had to wait for something, or another took its CPU. */
  voluntarySwitches: number;
  involuntarySwitches: number;
}

/**
 * By root, processes that were none of its descendants, and so never will be: one whose parent ends goes to an ancestor of that. Asking
 * each of them for its parent at every look took most of the 1.5 ms for which a client on the same CPU had to wait. (A descendant
 * that is given the id of one of them is missed if all ids have been given out between two looks.)
 */
const foreign = new Map<number, ReadonlySet<number>>();

/** The process and its descendants that run now; empty where the system doesn't say. */
export function processTree(rootPid: number): number[] {
  if (!existsSync('/proc/self/stat')) return [];
  const known = foreign.get(rootPid);
  const running = readdirSync('/proc').map(Number).filter(Number.isInteger);
  const childrenOf = new Map<number, number[]>();
  for (const pid of running) {
    const parent = known?.has(pid) ? undefined : parentOf(pid);
    if (parent !== undefined) childrenOf.set(parent, [...(childrenOf.get(parent) ?? []), pid]);
  }
  const tree = [rootPid];
  for (const pid of tree) tree.push(...(childrenOf.get(pid) ?? []));
  const own = new Set(tree);
  foreign.set(rootPid, new Set(running.filter((pid) => !own.has(pid))));
  return tree;
}

/** @returns undefined where it can't be measured, or there is no such process */
export function treeUsage(rootPid: number): TreeUsage | undefined {
  if (posixUnavailable !== undefined) return undefined;
  const threads = new Map<number, ThreadUsage>();
  const usage: TreeUsage = { cpuNs: 0, peakMemoryBytes: 0, processes: 0, ticks: 0, kernelTicks: 0, runnable: 0, threads };
  for (const pid of processTree(rootPid)) {
    const cpuNs = processCpuNs(pid);
    const status = read(`/proc/${pid}/status`);
    const times = statFields(pid)?.slice(11, 15).map(Number);
    if (cpuNs === undefined || status === undefined || times === undefined) continue;
    const [user = 0, kernel = 0, childrenUser = 0, childrenKernel = 0] = times; // of children that were waited for
    usage.cpuNs += cpuNs + (childrenUser + childrenKernel) * NS_PER_TICK;
    usage.ticks += user + kernel + childrenUser + childrenKernel;
    usage.kernelTicks += kernel + childrenKernel;
    usage.peakMemoryBytes += Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024;
    usage.processes += 1;
    for (const thread of threadsOf(pid)) {
      const task = `/proc/${pid}/task/${thread}`;
      const state = read(`${task}/status`) ?? '';
      if (/^State:\s+R/m.test(state)) usage.runnable += 1;
      threads.set(thread, {
        cpuNs: Number(read(`${task}/schedstat`)?.split(' ')[0] ?? 0),
        voluntarySwitches: Number(/^voluntary_ctxt_switches:\s+(\d+)/m.exec(state)?.[1] ?? 0),
        involuntarySwitches: Number(/^nonvoluntary_ctxt_switches:\s+(\d+)/m.exec(state)?.[1] ?? 0),
      });
    }
  }
  return usage.processes === 0 ? undefined : usage;
}

function threadsOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map(Number);
  } catch {
    return []; // it ended meanwhile
  }
}

const NS_PER_TICK = 1e7; // USER_HZ is 100 on every Linux that Node runs on

function parentOf(pid: number): number | undefined {
  const fields = statFields(pid);
  return fields === undefined ? undefined : Number(fields[1]);
}

/** Fields of /proc/PID/stat from the third on; the second, the name, may hold spaces and parentheses. */
function statFields(pid: number): string[] | undefined {
  const stat = read(`/proc/${pid}/stat`);
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined; // it ended meanwhile
  }
}

import { readdirSync, readFileSync } from 'node:fs';
import { posixUnavailable } from '../posix/libc.ts';
import { processCpuNs } from '../posix/process.ts';

/** What a process and all its descendants have used. Linux only: elsewhere nothing is known, and said to be so. */
export interface TreeUsage {
  /** CPU time of all threads, ended ones and ended children included. */
  cpuNs: number;
  /** Sum of each process's highest resident set (VmHWM); memory that processes share counts in each. */
  peakMemoryBytes: number;
  processes: number;
  /** Threads that run or could: not asleep, so they have something to do. */
  runnable: number;
  /** CPU time of each thread that runs, by its id. */
  threadCpuNs: ReadonlyMap<number, number>;
}

/** The process and its descendants that run now; empty where the system doesn't say. */
export function processTree(rootPid: number): number[] {
  if (posixUnavailable !== undefined) return [];
  const childrenOf = new Map<number, number[]>();
  for (const entry of readdirSync('/proc')) {
    const parent = /^\d+$/.test(entry) ? parentOf(entry) : undefined;
    if (parent !== undefined) childrenOf.set(parent, [...(childrenOf.get(parent) ?? []), Number(entry)]);
  }
  const tree = [rootPid];
  for (const pid of tree) tree.push(...(childrenOf.get(pid) ?? []));
  return tree;
}

/** @returns undefined where there is no /proc, or no such process */
export function treeUsage(rootPid: number): TreeUsage | undefined {
  const threadCpuNs = new Map<number, number>();
  const usage: TreeUsage = { cpuNs: 0, peakMemoryBytes: 0, processes: 0, runnable: 0, threadCpuNs };
  for (const pid of processTree(rootPid)) {
    const cpuNs = processCpuNs(pid);
    const status = read(`/proc/${pid}/status`);
    if (cpuNs === undefined || status === undefined) continue;
    usage.cpuNs += cpuNs + exitedChildrenNs(pid);
    usage.peakMemoryBytes += Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024;
    usage.processes += 1;
    for (const thread of threadsOf(pid)) {
      threadCpuNs.set(thread, Number(read(`/proc/${pid}/task/${thread}/schedstat`)?.split(' ')[0] ?? 0));
      if (statFields(`${pid}/task/${thread}`)?.[0] === 'R') usage.runnable += 1;
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

/** `cutime` and `cstime` of proc_pid_stat(5): CPU time of children that were waited for. */
function exitedChildrenNs(pid: number): number {
  const fields = statFields(String(pid));
  return fields === undefined ? 0 : (Number(fields[13]) + Number(fields[14])) * NS_PER_TICK;
}

function parentOf(pid: string): number | undefined {
  const fields = statFields(pid);
  return fields === undefined ? undefined : Number(fields[1]);
}

/** Fields of /proc/PID/stat from the third on; the second, the name, may hold spaces and parentheses. */
function statFields(pid: string): string[] | undefined {
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

import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { processTree } from '../loadgen/process-tree.ts';
import { sum } from '../loadgen/sum.ts';

/** What a process and all its descendants hold now; proc_pid_status(5), proc_pid_fd(5). */
export interface Held {
  /** Sum of the resident sets; memory that processes share counts in each. */
  residentBytes: number;
  descriptors: number;
  threads: number;
}

const LOOK_MS = 20;
const LOOKS_ALIKE = 5;
const PATIENCE_MS = 5000;

/** What is held when clients ask for nothing: as soon as descriptors and threads stay the same for a while. */
export async function heldAtRest(rootPid: number): Promise<Held> {
  const deadline = performance.now() + PATIENCE_MS;
  let held = heldBy(rootPid);
  for (let alike = 1; alike < LOOKS_ALIKE && performance.now() < deadline;) {
    await delay(LOOK_MS);
    const now = heldBy(rootPid);
    alike = now.descriptors === held.descriptors && now.threads === held.threads ? alike + 1 : 1;
    held = now;
  }
  return held;
}

function heldBy(rootPid: number): Held {
  const all = processTree(rootPid).map(heldByProcess);
  return {
    residentBytes: sum(all.map(({ residentBytes }) => residentBytes)),
    descriptors: sum(all.map(({ descriptors }) => descriptors)),
    threads: sum(all.map(({ threads }) => threads)),
  };
}

function heldByProcess(pid: number): Held {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'latin1');
    const field = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);
    const descriptors = readdirSync(`/proc/${pid}/fd`).length;
    return { residentBytes: field('VmRSS') * 1024, descriptors, threads: field('Threads') };
  } catch {
    return { residentBytes: 0, descriptors: 0, threads: 0 }; // it ended meanwhile
  }
}

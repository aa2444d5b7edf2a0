import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../eventually.ts';
import { processTree } from '../process-tree.ts';

/** A moment at which every thread of a server slept. */
export interface Rest {
  /** By the clock of Date.now(). */
  readonly atMs: number;
  /** The process of each thread. */
  readonly processOf: ReadonlyMap<number, number>;
  /** CPU time that each thread has used so far. */
  readonly cpuNs: ReadonlyMap<number, number>;
}

/** Between two looks: more than the resolution of the clock, so that the moment lies between them. */
const PAUSE_MS = 5;

/**
 * Waits until every thread of the process and all below it sleeps. They do when none runs or wants to at either of
 * two looks, and none has been switched to in between.
 */
export async function atRest(pid: number): Promise<Rest> {
  let found: Rest | undefined;
  await eventually('every thread of the server sleeps', async () => {
    const before = look(pid);
    await delay(PAUSE_MS);
    const atMs = Date.now();
    await delay(PAUSE_MS);
    const after = look(pid);
    if (before === undefined || after === undefined || !sameSwitches(before, after)) return false;
    found = { atMs, processOf: mapValues(after, ({ process }) => process), cpuNs: mapValues(after, ({ cpuNs }) => cpuNs) };
    return true;
  });
  return found!;
}

interface Sleeper {
  process: number;
  /** How often it has been switched to and from, see proc_pid_status(5). */
  switches: string;
  cpuNs: number;
}

/** Every thread; undefined when one is not asleep, or ends just now. */
function look(root: number): Map<number, Sleeper> | undefined {
  const sleepers = new Map<number, Sleeper>();
  try {
    for (const { pid } of processTree(root)) {
      for (const thread of readdirSync(`/proc/${pid}/task`)) {
        const status = readFileSync(`/proc/${pid}/task/${thread}/status`, 'latin1');
        if (!/^State:\tS/m.test(status)) return undefined;
        const switches = status.match(/^\w*ctxt_switches:.*$/gm)!.join();
        const [cpuNs] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'latin1').split(' ');
        sleepers.set(Number(thread), { process: pid, switches, cpuNs: Number(cpuNs) });
      }
    }
  } catch {
    return undefined;
  }
  return sleepers;
}

function sameSwitches(before: ReadonlyMap<number, Sleeper>, after: ReadonlyMap<number, Sleeper>): boolean {
  return (
    before.size === after.size && Array.from(before).every(([thread, { switches }]) => after.get(thread)?.switches === switches)
  );
}

function mapValues<Value, Result>(map: ReadonlyMap<number, Value>, change: (value: Value) => Result): Map<number, Result> {
  return new Map(Array.from(map, ([key, value]) => [key, change(value)]));
}

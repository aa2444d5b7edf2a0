import { readFileSync } from 'node:fs';
import { suspendedNs } from '../posix/suspension.ts';

/** What all CPUs together have done since the machine started, in ns. */
export interface MachineUsage {
  /** Working, for whomever. */
  busyNs: number;
  /** Not working although they had to, because the host let others run (a virtual machine's steal time). */
  stolenNs: number;
  /** Asleep as a whole, as a laptop is whose lid is closed; undefined where the system doesn't say. */
  suspendedNs: number | undefined;
}

const NS_PER_TICK = 1e7; // USER_HZ is 100 on every Linux that Node runs on

/** The first line of /proc/stat (proc_stat(5)): ticks in user, nice, system, idle, iowait, irq, softirq, steal. */
export function machineUsage(): MachineUsage | undefined {
  let stat: string;
  try {
    stat = readFileSync('/proc/stat', 'utf8');
  } catch {
    return undefined; // not Linux
  }
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, stolen = 0] = stat
    .split('\n', 1)[0]!
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return {
    busyNs: (user + nice + system + irq + softirq) * NS_PER_TICK,
    stolenNs: stolen * NS_PER_TICK,
    suspendedNs: suspendedNs(),
  };
}

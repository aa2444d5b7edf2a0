import { machineUsage } from '../../loadgen/machine.ts';
import { nowNs } from '../../loadgen/clock.ts';
import { treeUsage } from '../../loadgen/process-tree.ts';

/** What others had meanwhile: in CPUs the host of a virtual machine, and programs here that are not ours. */
export interface Disturbance {
  stolenCpus: number;
  foreignCpus: number;
  /** For how long the machine was asleep as a whole. */
  suspendedMs: number;
}

/** Watches from now on; undefined from the returned function where the system doesn't say. */
export function watchMachine(): () => Disturbance | undefined {
  const [beginNs, machine, own] = [nowNs(), machineUsage(), treeUsage(process.pid)];
  return () => {
    const elapsedNs = nowNs() - beginNs;
    const [machineNow, ownNow] = [machineUsage(), treeUsage(process.pid)];
    if (machine === undefined || own === undefined || machineNow === undefined || ownNow === undefined) return undefined;
    const busyNs = machineNow.busyNs - machine.busyNs;
    return {
      stolenCpus: (machineNow.stolenNs - machine.stolenNs) / elapsedNs,
      foreignCpus: Math.max(0, (busyNs - (ownNow.cpuNs - own.cpuNs)) / elapsedNs),
      suspendedMs: ((machineNow.suspendedNs ?? 0) - (machine.suspendedNs ?? 0)) / 1e6,
    };
  };
}

/** Why a block is to be dropped, if so. */
export function reasonToDrop(disturbance: Disturbance | undefined, tolerated: Disturbance): string | undefined {
  if (disturbance === undefined) return undefined;
  const { stolenCpus, foreignCpus, suspendedMs } = disturbance;
  if (suspendedMs > tolerated.suspendedMs) return `the machine was suspended for ${suspendedMs.toFixed(0)} ms`;
  if (stolenCpus > tolerated.stolenCpus) return `the host took ${stolenCpus.toFixed(2)} CPUs`;
  if (foreignCpus > tolerated.foreignCpus) return `other programs took ${foreignCpus.toFixed(2)} CPUs`;
  return undefined;
}

import { machineUsage } from '../../loadgen/machine.ts';
import { nowNs } from '../../loadgen/clock.ts';
import { treeUsage } from '../../loadgen/process-tree.ts';

/** CPUs that others had meanwhile: the host of a virtual machine, and programs here that are not ours. */
export interface Disturbance {
  stolenCpus: number;
  foreignCpus: number;
}

/** A block is dropped above these, fixed before anything is measured. */
export const limits = { stolenCpus: 0.1, foreignCpus: 0.15 } as const;

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
    };
  };
}

/** Why a block is to be dropped, if so. */
export function reasonToDrop(disturbance: Disturbance | undefined): string | undefined {
  if (disturbance === undefined) return undefined;
  const { stolenCpus, foreignCpus } = disturbance;
  if (stolenCpus > limits.stolenCpus) return `the host took ${stolenCpus.toFixed(2)} CPUs`;
  if (foreignCpus > limits.foreignCpus) return `other programs took ${foreignCpus.toFixed(2)} CPUs`;
  return undefined;
}

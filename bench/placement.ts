import type { Workload } from '../loadgen/workload.ts';
import { allowedCpus } from '../posix/process.ts';

/** Which CPUs server and load generator are confined to; absent where that can't be done or makes no sense. */
export interface Placement {
  serverCpus?: number[];
  clientCpus?: number[];
}

/** The client gets the last CPU, the server the others, or all of them where its computing is the work. */
export function placementFor(workload: Workload, cpus = allowedCpus()): Placement {
  if (cpus === undefined || cpus.length < 2) return {};
  const apart = workload.placement === 'apart';
  return { serverCpus: apart ? cpus.slice(0, -1) : cpus, clientCpus: cpus.slice(-1) };
}

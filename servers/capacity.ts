import { availableParallelism, totalmem } from 'node:os';
import { SockbenchError } from '../errors/sockbench-error.ts';
import { descriptorLimit, mappingLimit } from '../posix/resource-limits.ts';

/** What an idle engine takes: 10 MB as a thread, 23 MB as a process with a serving thread (PSS, Node 20, x64). More at work. */
const ENGINE_BYTES = 32 << 20;
/** The rest of the memory is for whoever else is on the machine. */
const SHARE_OF_MEMORY = 0.5;
/** Of addresses an engine reserves far more, as a thread: 530 to 850 MiB; a process with one 1.9 to 2.5 GiB (VmSize, Node 20 to 26, x64). */
const ENGINE_MAPS_BYTES = 1 << 30;
const PROCESS_MAPS_BYTES = 2.5 * (1 << 30);
/** Of an engine, as a thread: those of its loop, and a connection. */
const ENGINE_DESCRIPTORS = 5;
/** Of an engine that starts, for a moment: it reads the files of its modules, many at once. */
const STARTING_DESCRIPTORS = 24;
/** Of the first process before it has made any engine. */
const FIRST_DESCRIPTORS = 28;

/** Of a process beside its connections: what it is made of (20), and some that come and go. */
const PROCESS_DESCRIPTORS = 32;

/** How many JavaScript engines, as threads or processes, a server may have before it harms the machine or itself. */
export interface Capacity {
  engines: number;
  /** How many of them may be starting at once: no more than there are CPUs to start them. */
  starting: number;
}

/** At least one engine; not more than memory and descriptors are enough for. */
export function capacity({
  memoryBytes = availableMemory(),
  mapsBytes = mappingLimit(),
  descriptors = descriptorLimit(),
  cpus = availableParallelism(),
} = {}): Capacity {
  const spare = descriptors - FIRST_DESCRIPTORS;
  const starting = clamp(spare / 2 / STARTING_DESCRIPTORS, cpus);
  const byDescriptors = (spare - starting * STARTING_DESCRIPTORS) / ENGINE_DESCRIPTORS;
  const byMemory = (SHARE_OF_MEMORY * memoryBytes) / ENGINE_BYTES;
  const byAddresses = (mapsBytes - PROCESS_MAPS_BYTES) / ENGINE_MAPS_BYTES;
  return { starting, engines: clamp(byDescriptors, byMemory, byAddresses) };
}

const clamp = (...values: number[]): number => Math.max(1, Math.floor(Math.min(...values)));

/** How many connections a process has descriptors for. */
export const connectionsInProcess = (descriptors = descriptorLimit()): number => Math.max(1, descriptors - PROCESS_DESCRIPTORS);

/** @throws SockbenchError E_WORKERS when there are to be more than the capacity */
export function checkWorkers(workers: number): void {
  const { engines } = capacity();
  if (workers <= engines) return;
  const limits = [
    `${ENGINE_BYTES >> 20} MiB each in half of the memory`,
    `${ENGINE_DESCRIPTORS} descriptors each of ${descriptorLimit()}`,
    `${ENGINE_MAPS_BYTES >> 30} GiB of addresses each where ulimit -v or -d bounds them`,
  ].join(', ');
  throw new SockbenchError('E_WORKERS', `workers: expected at most ${engines} on this machine (${limits}), got ${workers}`, {
    remedy: 'as many as CPUs are enough for loops; blocking models need one for each client that is served at once',
  });
}

/** The machine's memory, or what a container leaves of it. */
function availableMemory(): number {
  return Math.min(totalmem(), process.constrainedMemory() || Infinity);
}

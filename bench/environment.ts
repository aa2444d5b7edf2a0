import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, cpus, loadavg, release, totalmem, version } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Environment } from './result.ts';

const packageFolder = fileURLToPath(new URL('../../', import.meta.url));

/** What machine, system and code a run was measured with, as it begins. Null is what the system doesn't say. */
export function describeEnvironment(): Environment {
  const status = git('status', '--porcelain');
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    platform: `${process.platform}-${process.arch}`,
    kernel: `${release()} ${version()}`,
    mitigations: mitigations(),
    governor: read('/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor') ?? null,
    limits: {
      descriptors: numbersIn(/^Max open files\s+(\d+)/m.exec(read('/proc/self/limits') ?? '')?.[1])[0] ?? null,
      backlog: numbersIn(read('/proc/sys/net/core/somaxconn'))[0] ?? null,
      ports: numbersIn(read('/proc/sys/net/ipv4/ip_local_port_range')),
    },
    node: process.version,
    sockbench: sockbenchVersion(),
    dependencies: dependencyVersions(),
    commit: git('rev-parse', 'HEAD') ?? null,
    cleanTree: status === undefined ? null : status === '',
    loadAverage: loadavg(),
  };
}

export function sockbenchVersion(): string {
  return manifest(packageFolder).version;
}

/** CPU time of the machine since it started, in ticks; undefined where the system doesn't say. */
export interface MachineTime {
  total: number;
  /** Taken by the hypervisor for others. */
  steal: number;
}

/** The first line of proc_stat(5): user, nice, system, idle, iowait, irq, softirq, steal. */
export function machineTime(): MachineTime | undefined {
  const times = numbersIn(/^cpu (.*)/.exec(read('/proc/stat') ?? '')?.[1]).slice(0, 8);
  return times.length < 8 ? undefined : { total: times.reduce((sum, time) => sum + time), steal: times[7]! };
}

/** Which share of the machine's time others had between two moments; null where the system doesn't say. */
export function stealBetween(begin: MachineTime | undefined, end: MachineTime | undefined): number | null {
  if (begin === undefined || end === undefined || end.total === begin.total) return null;
  return (end.steal - begin.steal) / (end.total - begin.total);
}

/** What the kernel does about each weakness of the CPU, by its name; those that don't affect this CPU are left out. */
function mitigations(): Record<string, string> {
  const folder = '/sys/devices/system/cpu/vulnerabilities';
  const entries = list(folder).map((name) => [name, read(join(folder, name)) ?? 'unknown'] as const);
  return Object.fromEntries(entries.filter(([, state]) => state !== 'Not affected'));
}

/** Of what this package needs at run time, as installed: below it, or beside it where it is itself a dependency. */
function dependencyVersions(): Record<string, string> {
  const names = Object.keys(manifest(packageFolder).dependencies);
  return Object.fromEntries(names.map((name) => [name, manifest(installedFolder(name)).version]));
}

function installedFolder(name: string): string {
  const folders = (createRequire(import.meta.url).resolve.paths(name) ?? []).map((folder) => join(folder, name));
  return folders.find((folder) => existsSync(folder)) ?? '';
}

function manifest(folder: string): { version: string; dependencies: Record<string, string> } {
  return JSON.parse(read(join(folder, 'package.json')) ?? '{"version":"unknown","dependencies":{}}') as ReturnType<typeof manifest>;
}

const numbersIn = (text: string | undefined): number[] => text?.match(/\d+/g)?.map(Number) ?? [];

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // not Linux
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined; // not Linux, or not told to us
  }
}

/** Of sockbench's own repository: installed as a dependency, it lies in that of its user, which is another matter. */
function git(...args: string[]): string | undefined {
  try {
    return runGit('rev-parse', '--show-prefix') === '' ? runGit(...args) : undefined;
  } catch {
    return undefined; // no git, or installed from a package
  }
}

const runGit = (...args: string[]): string =>
  execFileSync('git', args, { cwd: packageFolder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, release, totalmem, version } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Environment } from './result.ts';

const packageFolder = fileURLToPath(new URL('../../', import.meta.url));

/** What machine, system and code a run was measured with. */
export function describeEnvironment(): Environment {
  const status = git('status', '--porcelain');
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    platform: `${process.platform}-${process.arch}`,
    kernel: `${release()} ${version()}`,
    node: process.version,
    sockbench: sockbenchVersion(),
    commit: git('rev-parse', 'HEAD') ?? null,
    cleanTree: status === undefined ? null : status === '',
    loadAverage: loadavg(),
  };
}

export function sockbenchVersion(): string {
  return (JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }).version;
}

function git(...args: string[]): string | undefined {
  try {
    return execFileSync('git', args, { cwd: packageFolder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined; // no git, or installed from a package
  }
}

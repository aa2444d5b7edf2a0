import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describeError } from '../errors/sockbench-error.ts';
import { loadDefaults, type LoadOptions } from '../loadgen/options.ts';
import { starterEnvironment } from '../posix/lifetime.ts';
import { lifeline, withAffinity } from '../posix/process.ts';
import { serviceDefaults, type ServiceSpec } from '../servers/service.ts';
import { placementFor } from './placement.ts';
import type { Cell } from './plan.ts';
import { formatKinds, formatNs } from './report/format.ts';
import { parseLoadResult, type Outcome } from './result.ts';
import { startingAgain } from './subjects.ts';

export interface TrialSettings {
  framing: string;
  durationMs: number;
  warmupMs: number;
  /** Exactly so many requests instead of a duration. */
  amount?: number;
  /** Threads or processes of models that have several; by default as many as the server has CPUs, at least two. */
  workers?: number;
}

const loadEntry = fileURLToPath(new URL('../loadgen/main.js', import.meta.url));

/** Replies are awaited for as long as a trial measures, but for no less than this, and no longer than any run awaits them. */
const SHORTEST_DRAIN_MS = 200;

/** Beyond what a trial should take: then something hangs. */
const PATIENCE_MS = 30_000;

/** Runs one trial: a fresh load generator process, which starts a fresh server process. Never throws: a failure is an outcome. */
export async function runTrial(cell: Cell, settings: TrialSettings, signal: AbortSignal): Promise<Outcome> {
  try {
    const obstacle = await cell.subject.obstacle();
    if (obstacle !== undefined) return { state: 'skipped', reason: obstacle };
    return await startingAgain(() => measure(cell, settings, signal));
  } catch (error) {
    return { state: 'failed', reason: describeError(error) };
  }
}

async function measure(cell: Cell, settings: TrialSettings, signal: AbortSignal): Promise<Outcome> {
  const { workload } = cell;
  const { serverWorkers, ...knobs } = cell.knobs;
  const { serverCpus, clientCpus } = placementFor(workload);
  const { sizeBytes, work, delayMs, slowShare } = { ...loadDefaults, ...workload.defaults, ...knobs };
  const service: Partial<ServiceSpec> = {
    app: workload.app,
    framing: settings.framing,
    sizeBytes,
    work,
    delayMs,
    slowShare,
    workers: serverWorkers ?? settings.workers ?? Math.max(serverCpus?.length ?? 0, serviceDefaults.workers),
  };
  const options: Partial<LoadOptions> = {
    ...knobs,
    workload: workload.name,
    framing: settings.framing,
    durationMs: settings.durationMs,
    warmupMs: settings.warmupMs,
    drainMs: Math.min(loadDefaults.drainMs, Math.max(SHORTEST_DRAIN_MS, settings.durationMs)),
    ...(settings.amount !== undefined && { amount: settings.amount }),
    command: await cell.subject.command(service),
    ...(serverCpus && { serverCpus }),
  };
  signal.throwIfAborted(); // Ctrl-C while the trial was being prepared
  const { stdout, stderr, ending } = await runLoadGenerator(options, clientCpus, signal);
  if (stdout === '') throw new Error(stderr === '' ? `the load generator ended with ${ending}` : stderr);
  const result = parseLoadResult(stdout);
  const wrong = formatKinds(result.errors);
  if (wrong !== '') return { state: 'failed', reason: `wrong replies: ${wrong}` };
  if (result.messages === 0) return { state: 'failed', reason: `no reply within ${formatNs(result.durationMs * 1e6)}` };
  return { state: 'measured', result };
}

interface Ended {
  stdout: string;
  stderr: string;
  /** "exit code 2", "SIGKILL, as it was not done after 30.4 s" */
  ending: string;
}

function runLoadGenerator(options: Partial<LoadOptions>, cpus: number[] | undefined, signal: AbortSignal): Promise<Ended> {
  const env = { ...process.env, ...starterEnvironment() };
  const child = withAffinity(cpus, () =>
    spawn(process.execPath, [loadEntry, JSON.stringify(options)], {
      stdio: ['ignore', 'pipe', 'pipe', ...lifeline],
      env,
      detached: true,
    }),
  );
  const ended: Ended = { stdout: '', stderr: '', ending: '' };
  child.stdout!.setEncoding('utf8').on('data', (text: string) => (ended.stdout += text));
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (ended.stderr = (ended.stderr + text).slice(-4096)));
  const interrupt = (): unknown => child.kill('SIGTERM'); // it stops its server and ends
  signal.addEventListener('abort', interrupt, { once: true });
  const patienceMs = options.durationMs! + options.warmupMs! + PATIENCE_MS;
  let late = '';
  const watchdog = setTimeout(() => {
    late = `, as it was not done after ${formatNs(patienceMs * 1e6)}`;
    child.kill('SIGKILL');
  }, patienceMs);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, killedBy) => {
      clearTimeout(watchdog);
      signal.removeEventListener('abort', interrupt);
      resolve({ ...ended, stderr: ended.stderr.trim(), ending: `${killedBy ?? `exit code ${code}`}${late}` });
    });
  });
}

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { SockbenchError } from '../errors/sockbench-error.ts';
import { starterEnvironment } from '../posix/lifetime.ts';
import { lifeline, tiedToThisProcess, withAffinity } from '../posix/process.ts';
import { listeningPort } from './listening-port.ts';
import { processTree, treeUsage } from './process-tree.ts';
import { readyLine } from './ready-line.ts';

const LAST_LINES = 12;
const POLL_MS = 10;
/** So many polls in a row must find a server at rest that listens but doesn't say that it is ready: it may still be starting threads. */
const POLLS_AT_REST = 5;
/** One that never rests is taken to be ready after so many polls. */
const POLLS_LISTENING = 200;
/** From SIGTERM to SIGKILL. */
const STOP_LIMIT_MS = 3000;

/** A server started by its command line, in a process group of its own. */
export class ServerCommand {
  readonly #child: ChildProcess;
  readonly #name: string;
  #stdout = '';
  #stderr = '';
  #spawnError: Error | undefined;
  #stopping = false;
  /** Settles when the process has ended; `died` rejects if nobody told it to. */
  readonly died: Promise<never>;

  /**
   * Starts `command` without a shell. Its last words are kept; it gets SOCKBENCH_STARTER_PID, so that it can end with us.
   * @param cwd the folder in which it runs; this process's own when left out
   */
  constructor(command: readonly string[], cpus: readonly number[] | undefined, cwd?: string) {
    const [program = '', ...args] = tiedToThisProcess(command);
    this.#name = command.join(' ');
    const env = { ...process.env, ...starterEnvironment() };
    this.#child = withAffinity(cpus, () =>
      spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe', ...lifeline], detached: true, env, cwd }),
    );
    this.#child.stdout!.setEncoding('utf8').on('data', (text: string) => (this.#stdout = (this.#stdout + text).slice(-65_536)));
    this.#child.stderr!.setEncoding('utf8').on('data', (text: string) => (this.#stderr = (this.#stderr + text).slice(-65_536)));
    this.died = new Promise<never>((_, reject) => {
      this.#child.once('error', (error) => reject(this.#failure('E_SERVER_START', `expected to start it, got ${error.message}`)));
      this.#child.once('close', (code, signal) => {
        if (!this.#stopping)
          reject(this.#failure('E_SERVER_DIED', `expected it to serve, it ended with ${signal ?? `exit code ${code}`}`));
      });
    });
    this.died.catch(() => {}); // whoever cares races against it
    this.#child.once('error', (error) => (this.#spawnError = error));
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /**
   * Where it listens: as its ready line says, or, on Linux, as the kernel says of its descriptors once it has come to rest.
   * @throws SockbenchError E_SERVER_NOT_READY, E_SERVER_DIED, E_SERVER_START
   */
  async ready(timeoutMs: number): Promise<{ host: string; port: number }> {
    const deadline = performance.now() + timeoutMs;
    if (this.#child.pid === undefined) await this.died;
    let cpuNs: number | undefined;
    for (let listening = 0, atRest = 0; ;) {
      const announced = readyLine(this.#stdout);
      if (announced !== undefined) return announced;
      const address = listeningPort(processTree(this.pid));
      if (address !== undefined) {
        const usage = treeUsage(this.pid);
        atRest = usage?.cpuNs === cpuNs && usage?.runnable === 0 ? atRest + 1 : 0;
        cpuNs = usage?.cpuNs;
        listening += 1;
        if (atRest === POLLS_AT_REST || listening === POLLS_LISTENING) return address;
      }
      if (performance.now() > deadline) {
        throw this.#failure('E_SERVER_NOT_READY', `expected it to listen within ${timeoutMs} ms, it does not`);
      }
      await Promise.race([new Promise((resolve) => setTimeout(resolve, POLL_MS)), this.died]);
    }
  }

  /** SIGTERM to its process group, SIGKILL to what is left after a while; resolves when it has ended. */
  async stop(): Promise<void> {
    this.#stopping = true;
    if (this.#spawnError === undefined && this.#child.exitCode === null && this.#child.signalCode === null) {
      const ended = once(this.#child, 'exit');
      this.#signal('SIGTERM');
      const impatience = setTimeout(() => this.#signal('SIGKILL'), STOP_LIMIT_MS);
      await ended;
      clearTimeout(impatience);
    }
    this.#signal('SIGKILL'); // descendants that outlived it
  }

  #signal(signal: NodeJS.Signals): void {
    if (this.pid === 0) return;
    try {
      process.kill(process.platform === 'win32' ? this.pid : -this.pid, signal);
    } catch {
      // The group is empty: what was wanted.
    }
  }

  #failure(code: string, message: string): SockbenchError {
    const lastLines = this.#stderr.trimEnd().split('\n').slice(-LAST_LINES).join('\n');
    return new SockbenchError(code, `${this.#name}: ${message}${lastLines === '' ? '' : `\n${lastLines}`}`, {
      remedy: 'run the command by hand to see what it says',
    });
  }
}

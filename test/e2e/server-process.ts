import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { ClosingCounts } from '../../servers/closings.ts';
import { starterEnvironment } from '../../posix/lifetime.ts';
import type { ReadyLine } from '../../servers/serve.ts';
import type { ServiceSpec } from '../../servers/service.ts';
import { eventually } from './eventually.ts';
import { isAsleep, isGone, processTree, type ProcessIdentity } from './process-tree.ts';

/** The compiled server: tests run from source, but worker threads can't load .ts on Node 20. */
export const serverEntry = fileURLToPath(new URL('../../dist/servers/main.js', import.meta.url));

/** One look at all threads takes a while, in which they may wake each other; they don't do so this often. */
const LOOKS = 10;

let started = 0;

/**
 * A loopback address that no other test uses, so that a port that one server has left can't be another's already.
 * Only Linux has all of 127.0.0.0/8.
 */
export function ownHost(): string {
  if (process.platform !== 'linux') return '127.0.0.1';
  started += 1;
  return `127.${1 + ((process.pid >> 8) % 254)}.${process.pid & 255}.${1 + (started % 254)}`;
}

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** `node dist/servers/main.js SPEC`, watched from outside. */
export class ServerProcess {
  /** Resolves when the process has ended and its output has been read to the end. */
  readonly exited: Promise<Exit>;
  readonly #child: ChildProcess;
  /** Members of the tree found so far. */
  readonly #known = new Map<string, ProcessIdentity>();
  #stdout = '';
  #stderr = '';
  #ready: ReadyLine | undefined;

  /**
   * @param starterPid the process that it doesn't survive, by default this one
   * @param under words of a command that runs it, such as a tracer's
   */
  constructor(
    spec: Partial<ServiceSpec>,
    { starterPid = process.pid, under = [] }: { starterPid?: number; under?: readonly string[] } = {},
  ) {
    const [program, ...args] = [...under, process.execPath, serverEntry, JSON.stringify(spec)];
    this.#child = spawn(program, args, {
      env: { ...process.env, ...starterEnvironment(starterPid) },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true, // a group of its own, for Ctrl-C
    });
    this.#child.stdout!.setEncoding('utf8').on('data', (text: string) => (this.#stdout += text));
    this.#child.stderr!.setEncoding('utf8').on('data', (text: string) => (this.#stderr += text));
    this.exited = once(this.#child, 'close').then(([code, signal]) => ({ code, signal }));
  }

  get stdout(): string {
    return this.#stdout;
  }

  get stderr(): string {
    return this.#stderr;
  }

  /** Which connections the server has closed of its own accord; it says so when it stops. */
  get closed(): ClosingCounts {
    const [last] = this.#stderr.trimEnd().split('\n').slice(-1);
    return (JSON.parse(last!) as { closed: ClosingCounts }).closed;
  }

  /** What the server announced. */
  get ready(): ReadyLine {
    if (!this.#ready) throw new Error('expected a server that listens');
    return this.#ready;
  }

  get pid(): number {
    return this.#child.pid!;
  }

  /** Whether it has not ended yet. */
  get runs(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Waits for the ready line. Throws with the server's stderr when it ends before. */
  async listening(): Promise<this> {
    let over = false;
    void this.exited.then(() => (over = true));
    await eventually('the server prints its ready line', () => over || this.#stdout.includes('\n'));
    if (over) throw new Error(`expected a ready line, got none: ${this.#stderr}`);
    this.#ready = JSON.parse(this.#stdout.split('\n', 1).join()) as ReadyLine;
    return this;
  }

  /** Every process of this server, itself included. */
  tree(): ProcessIdentity[] {
    const tree = processTree(this.pid);
    for (const member of tree) this.#known.set(`${member.pid} ${member.startTime}`, member);
    return tree;
  }

  /** Waits until it has nothing to do: every thread sleeps. A thread that spins never does, however loaded the machine is. */
  async rests(): Promise<void> {
    let looks = 0;
    await eventually('every thread of the server sleeps', () => {
      looks = this.tree().every(isAsleep) ? looks + 1 : 0;
      return looks === LOOKS;
    });
  }

  /** Sends a signal to this process, as `kill PID` does. */
  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** Sends a signal to all of its processes, as the terminal does for Ctrl-C. */
  signalGroup(name: NodeJS.Signals): void {
    process.kill(-this.pid, name);
  }

  /** Ends what is left of it. */
  async kill(): Promise<void> {
    this.tree();
    for (const member of this.#known.values()) killIfThere(member);
    await this.exited;
  }
}

function killIfThere(member: ProcessIdentity): void {
  try {
    if (!isGone(member)) process.kill(member.pid, 'SIGKILL');
  } catch {
    // it has ended between question and kill
  }
}

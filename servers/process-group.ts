import { spawn, type ChildProcess } from 'node:child_process';
import type { Worker } from 'node:cluster';
import { fileURLToPath } from 'node:url';
import { SockbenchError } from '../errors/sockbench-error.ts';
import type { ClosingCounts } from './closings.ts';
import { starterEnvironment } from '../posix/lifetime.ts';
import type { RunningServer } from './model.ts';
import { RelayRoom } from './rooms/relay.ts';
import type { Service, ServiceSpec } from './service.ts';

/** Entry and arguments of a process that runs the model's `member`. */
export const memberEntry = fileURLToPath(new URL(`./member${import.meta.url.slice(-3)}`, import.meta.url));
export const memberArguments = (service: Service, data: unknown): string[] => [JSON.stringify({ spec: shareOf(service), data })];

/** Processes share no memory, so each may have its part of the connections, at least one. */
function shareOf({ spec, limits, workers }: Service): ServiceSpec {
  if (limits.connections === 0) return spec;
  return { ...spec, limits: { ...limits, connections: Math.max(1, Math.floor(limits.connections / workers)) } };
}

/** Where a process finds what it has inherited: after standard streams and the IPC channel. */
export const FIRST_INHERITED = 4;

export type MemberProcess = ChildProcess | Worker;

type Message =
  | { listening: number }
  | { relay: Uint8Array[] }
  | { stop: true }
  | { closed: ClosingCounts }
  | { failed: string; code: string };

/** Starts a process that runs the model's `member`, and inherits these descriptors. */
export function spawnMember(service: Service, inherited: readonly number[]): ChildProcess {
  return spawn(process.execPath, [memberEntry, ...memberArguments(service, {})], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc', ...inherited],
    env: { ...process.env, ...starterEnvironment() },
    serialization: 'advanced',
  });
}

/** One process of a group. */
export interface Membership {
  /** Resolves with the process's port when it serves; rejects when it can't, or could not be made. */
  readonly serving: Promise<number>;
  /** Resolves when there is no such process any more. */
  readonly gone: Promise<void>;
}

/** The processes of one server beside its first one, which is the hub of their chat room. */
export class ProcessGroup {
  readonly #service: Service;
  readonly #members = new Map<MemberProcess, Promise<void>>();
  /** Those of them that have not said yet that they serve. */
  readonly #starting = new Set<MemberProcess>();

  constructor(service: Service) {
    this.#service = service;
  }

  add(make: () => MemberProcess): Membership {
    try {
      return this.#join(make());
    } catch (error) {
      return membership(Promise.reject(error), Promise.resolve());
    }
  }

  /** Lets each finish; one that is still starting after `limits.drainMs` is killed. Resolves when all have ended. */
  async stop(): Promise<void> {
    const deadline = setTimeout(() => {
      for (const each of this.#starting) each.kill('SIGKILL');
    }, this.#service.limits.drainMs);
    for (const each of this.#members.keys()) tell(each, { stop: true });
    await Promise.all(this.#members.values());
    clearTimeout(deadline);
  }

  kill(): void {
    for (const each of this.#members.keys()) each.kill();
  }

  #join(made: MemberProcess): Membership {
    this.#starting.add(made);
    const serving = new Promise<number>((resolve, reject) => {
      made.on('message', (message: Message) => {
        if ('relay' in message) this.#relay(made, message);
        if ('closed' in message) this.#service.closings.add(message.closed);
        if ('failed' in message) reject(new SockbenchError(message.code, message.failed));
        if ('listening' in message) {
          this.#starting.delete(made);
          resolve(message.listening);
        }
      });
      made.once('error', reject);
      made.once('exit', (code: number | null) =>
        reject(new SockbenchError('E_WORKER_DIED', `expected the worker to serve, it exited with ${code}`)),
      );
    });
    const gone = new Promise<void>((resolve) => {
      const left = (): void => {
        this.#members.delete(made);
        this.#starting.delete(made);
        resolve();
      };
      made.once('error', left);
      made.once('exit', left);
    });
    this.#members.set(made, gone);
    return membership(serving, gone);
  }

  #relay(from: MemberProcess, message: Message): void {
    for (const each of this.#members.keys()) if (each !== from) tell(each, message);
  }
}

function membership(serving: Promise<number>, gone: Promise<void>): Membership {
  serving.catch(() => {}); // whoever wants to know awaits it
  return { serving, gone };
}

/** The callback keeps a process that is just ending from throwing here. */
const tell = (member: MemberProcess, message: Message): unknown => member.send(message, () => {});

/** What such a process does: serves until it is told to stop, or `over` is called because there is nothing left to serve. */
export async function serveInProcess(
  service: Service,
  start: (room: RelayRoom, over: () => void) => Promise<RunningServer>,
): Promise<void> {
  process.on('SIGINT', () => {}); // Ctrl-C reaches the whole group; the first process says when to stop
  const room = new RelayRoom((payloads) => send({ relay: payloads }));
  const starting = start(room, () => void leave());
  let leaving = false;
  async function leave(): Promise<void> {
    if (leaving) return;
    leaving = true;
    await (await starting).stop();
    process.send!({ closed: service.closings.counts } satisfies Message, () => process.exit(0));
  }
  void service.failure.happened.then(leave);
  const server = await starting.catch((error: NodeJS.ErrnoException) => {
    send({ failed: error.message, code: error.code ?? 'E_START' });
    throw error;
  });
  process.on('message', (message: Message) => {
    if ('relay' in message) room.receive(message.relay);
    if ('stop' in message) void leave();
  });
  send({ listening: server.port });
}

const send = (message: Message): unknown => process.send?.(message);

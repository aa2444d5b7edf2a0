import { connect, type Socket } from 'node:net';
import type { Address } from '../posix/address.ts';
import { describeError } from '../errors/sockbench-error.ts';
import { encode, byName, type Framing } from '../framing/framing.ts';
import { ServerCommand } from '../loadgen/command.ts';
import { processTree } from '../loadgen/process-tree.ts';
import { exists, isAlive } from '../posix/process.ts';
import { serviceDefaults } from '../servers/service.ts';
import { connectionsOf } from './gate/contestants.ts';
import type { Loss } from './result.ts';
import type { ModelSubject } from './subjects.ts';

const MOST_CONNECTIONS = 8;
const READY_MS = 10_000;
/** Much longer than a reply takes, or a process to start on a busy machine; who waits longer counts as not served. */
const PATIENCE_MS = 10_000;

/**
 * Kills one of a server's processes, the newest, under clients: whom it loses, whom it serves on, and whether those who were
 * lost are served when they come again, once the server has noticed: who comes before may be handed to the dead. The first process is
 * the victim where there is no other. Never throws: a failure is told.
 */
export async function loseWorker(subject: ModelSubject): Promise<Loss> {
  const { name: model } = subject;
  const obstacle = await subject.obstacle();
  if (obstacle !== undefined) return { model, state: 'skipped', reason: obstacle };
  const framing = byName('length');
  const { workers } = serviceDefaults;
  const server = new ServerCommand(await subject.command({ app: 'echo', framing: framing.name, workers }), undefined);
  server.died.catch(() => {}); // it may well
  const clients: Client[] = [];
  try {
    const address = await server.ready(READY_MS);
    clients.push(...(await served(address, framing, Math.min(MOST_CONNECTIONS, connectionsOf(subject)))));
    const before = processTree(server.pid);
    const victim = before.at(-1)!;
    process.kill(victim, 'SIGKILL');
    while (exists(victim)) await new Promise(setImmediate);
    const connections = clients.length;
    const servedOn = (await Promise.all(clients.map((client) => client.isServed()))).filter(Boolean).length;
    const lost = clients.filter(({ closed }) => closed).length;
    const comeAgain = await served(address, framing, lost);
    clients.push(...comeAgain);
    const processes = { before: before.length, after: processTree(server.pid).filter(isAlive).length };
    return { model, state: 'measured', connections, servedOn, lost, servedAgain: comeAgain.length, processes };
  } catch (error) {
    return { model, state: 'failed', reason: describeError(error) };
  } finally {
    for (const client of clients) client.leave();
    await server.stop();
  }
}

/** Of so many clients who come, those who get a reply; the others leave. */
async function served(address: Address, framing: Framing, count: number): Promise<Client[]> {
  const clients = Array.from({ length: count }, () => new Client(address, framing));
  const replies = await Promise.all(clients.map((client) => client.isServed()));
  clients.filter((_, index) => !replies[index]).forEach((client) => client.leave());
  return clients.filter((_, index) => replies[index]);
}

class Client {
  readonly #socket: Socket;
  readonly #request: Buffer;
  closed = false;

  constructor(address: Address, framing: Framing) {
    this.#socket = connect({ ...address, noDelay: true });
    this.#request = encode(framing, Buffer.alloc(64));
    this.#socket.on('error', () => {}); // 'close' follows
    this.#socket.on('close', () => (this.closed = true));
  }

  /** Asks, and waits for an answer, the end of the connection, or long enough. */
  isServed(): Promise<boolean> {
    return new Promise((resolve) => {
      if (this.closed) resolve(false);
      this.#socket.once('data', () => resolve(true));
      this.#socket.once('close', () => resolve(false));
      setTimeout(resolve, PATIENCE_MS, false).unref();
      this.#socket.write(this.#request);
    });
  }

  leave(): void {
    this.#socket.destroy();
  }
}

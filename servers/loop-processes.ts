import type { ChildProcess } from 'node:child_process';
import type { Worker } from 'node:cluster';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { SockbenchError } from '../errors/sockbench-error.ts';
import type { RunningServer } from './model.ts';
import type { ClosingCounts } from './closings.ts';
import { RelayRoom } from './rooms/relay.ts';
import type { Service } from './service.ts';

/** Entry and arguments of a process that runs the model's `member`. */
export const memberEntry = fileURLToPath(new URL(`./member${import.meta.url.slice(-3)}`, import.meta.url));
export const memberArguments = (service: Service, data: unknown): string[] => [JSON.stringify({ spec: service.spec, data })];

type Message =
  | { listening: number }
  | { relay: Uint8Array[] }
  | { stop: true }
  | { closed: ClosingCounts }
  | { failed: string; code: string };
type LoopProcess = ChildProcess | Worker;

/**
 * `service.workers` processes, each with a loop of its own, made by `fork`. This process is the hub of their chat room,
 * and makes a new one for each that dies.
 */
export async function startLoopProcesses(service: Service, fork: () => LoopProcess): Promise<RunningServer> {
  const processes = new Set<LoopProcess>();
  let stopping = false;
  const add = (): LoopProcess => {
    const made = fork();
    processes.add(made);
    made.on('message', (message: Message) => {
      if ('relay' in message) for (const other of processes) if (other !== made) other.send(message);
      if ('closed' in message) service.closings.add(message.closed);
    });
    made.once('exit', () => {
      processes.delete(made);
      if (!stopping) add();
    });
    return made;
  };
  const started = Array.from({ length: service.workers }, () => listening(add()));
  const ports = await Promise.all(started).catch((error: unknown) => {
    stopping = true;
    for (const each of processes) each.kill();
    throw error;
  });
  return {
    port: ports[0]!,
    async stop() {
      stopping = true;
      await Promise.all(
        Array.from(processes, (each) => {
          each.send({ stop: true } satisfies Message);
          return once(each, 'exit');
        }),
      );
    },
  };
}

/** What such a process does: serves until it is told to stop. */
export async function serveInProcess(service: Service, start: (room: RelayRoom) => Promise<RunningServer>): Promise<void> {
  process.on('SIGINT', () => {}); // Ctrl-C reaches the whole group; the first process says when to stop
  const room = new RelayRoom((payloads) => send({ relay: payloads }));
  const server = await start(room).catch((error: NodeJS.ErrnoException) => {
    send({ failed: error.message, code: error.code ?? 'E_START' });
    throw error;
  });
  process.on('message', (message: Message) => {
    if ('relay' in message) room.receive(message.relay);
    if ('stop' in message)
      void server.stop().then(() => process.send!({ closed: service.closings.counts } satisfies Message, () => process.exit(0)));
  });
  send({ listening: server.port });
}

const send = (message: Message): unknown => process.send?.(message);

function listening(made: LoopProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    made.on('message', (message: Message) => {
      if ('listening' in message) resolve(message.listening);
      if ('failed' in message) reject(new SockbenchError(message.code, message.failed));
    });
    made.once('exit', (code: number | null) =>
      reject(new SockbenchError('E_WORKER_DIED', `expected the worker to listen, it exited with ${code}`)),
    );
  });
}

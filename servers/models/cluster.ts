/**
 * One event loop per process. The primary accepts and deals connections out in turn (SCHED_RR); each worker process
 * serves its own with the code of event-loop. Processes share nothing, so a chat goes through the primary.
 *
 * Source: node:cluster.
 * Wins where messages need CPU and there are cores for it. Loses on chat, which crosses processes, and on memory.
 */
import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { SockbenchError } from '../../errors/sockbench-error.ts';
import { starterEnvironment } from '../lifetime.ts';
import { defineModel } from '../model.ts';
import { RelayRoom } from '../rooms/relay.ts';
import { serveOnLoop } from './event-loop.ts';

type Message = { relay: Uint8Array[] } | { stop: true } | { failed: string; code: string };

export default defineModel({
  name: 'cluster',
  family: 'multi-loop',
  summary: 'one event loop per process, connections dealt out in turn',
  source: 'node:cluster, round robin',
  capabilities: { connections: 'many', parallel: true, platforms: 'all' },

  async start(service) {
    cluster.schedulingPolicy = cluster.SCHED_RR;
    cluster.setupPrimary({
      exec: fileURLToPath(new URL(`../member${import.meta.url.slice(-3)}`, import.meta.url)),
      args: [JSON.stringify({ spec: service.spec, data: null })],
      serialization: 'advanced',
    });
    const workers = new Set<Worker>();
    const addWorker = (): Worker => {
      const worker = cluster.fork(starterEnvironment());
      workers.add(worker);
      worker.on('message', (message: Message) => {
        if ('relay' in message) for (const other of workers) if (other !== worker) other.send(message);
      });
      worker.once('exit', () => workers.delete(worker));
      return worker;
    };
    const ports = await Promise.all(Array.from({ length: service.workers }, () => listening(addWorker())));
    const replace = (): unknown => addWorker();
    cluster.on('exit', replace);
    return {
      port: ports[0]!,
      async stop() {
        cluster.off('exit', replace);
        await Promise.all(
          Array.from(workers, (worker) => {
            worker.send({ stop: true } satisfies Message);
            return once(worker, 'exit');
          }),
        );
      },
    };
  },

  async member(service) {
    process.on('SIGINT', () => {}); // Ctrl-C reaches the whole group; the primary says when to stop
    const room = new RelayRoom((payloads) => send({ relay: payloads }));
    const server = await serveOnLoop(service, room).catch((error: NodeJS.ErrnoException) => {
      send({ failed: error.message, code: error.code ?? 'E_START' });
      throw error;
    });
    process.on('message', (message: Message) => {
      if ('relay' in message) room.receive(message.relay);
      if ('stop' in message) void server.stop().then(() => process.exit(0));
    });
  },
});

const send = (message: Message): unknown => process.send?.(message);

function listening(worker: Worker): Promise<number> {
  return new Promise((resolve, reject) => {
    worker.once('listening', ({ port }) => resolve(port));
    worker.on('message', (message: Message) => {
      if ('failed' in message) reject(new SockbenchError(message.code, message.failed));
    });
    worker.once('exit', (code) =>
      reject(new SockbenchError('E_WORKER_DIED', `expected the worker to listen, it exited with ${code}`)),
    );
  });
}

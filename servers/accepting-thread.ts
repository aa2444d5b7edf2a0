import { parentPort } from 'node:worker_threads';
import { accept, close, listen, localPort, shutdown, SHUT_RDWR } from '../posix/socket.ts';
import { admit } from './admission.ts';
import { capacity } from './capacity.ts';
import type { RunningServer } from './model.ts';
import { Semaphore } from './semaphore.ts';
import type { Service } from './service.ts';
import { startThread } from './threads.ts';

/** What the thread that accepts is given: it waits for both before it accepts. */
export interface AcceptingStart {
  listener: number;
  seats: Semaphore['shared'];
  starts: Semaphore['shared'];
}

/** What serves one connection, made for it and ending with it. */
export interface Engine {
  readonly ended: Promise<unknown>;
}

export interface Engines {
  /** Makes one, which closes the connection in the end. Rejects, with the connection closed, when none comes to serve. */
  make(fd: number): Promise<Engine>;
  /** Sees to it that they end soon; `ended` resolves when all have. */
  stop(ended: Promise<unknown>): Promise<void>;
}

/**
 * One thread runs the model's `member` to accept, and an engine is made here for each connection. There are never more
 * than the machine bears: further clients wait in the backlog.
 */
export async function acceptInThread(service: Service, engines: Engines): Promise<RunningServer> {
  const listener = listen(service, service.backlog);
  const most = capacity();
  const [seats, starts] = [new Semaphore(most.engines), new Semaphore(most.starting)];
  const start: AcceptingStart = { listener, seats: seats.shared, starts: starts.shared };
  const acceptor = startThread(service, start);
  const serving = new Set<Promise<void>>();
  let stopping = false;

  const serve = async (fd: number): Promise<void> => {
    const engine = await engines.make(fd).catch((error: unknown) => service.closings.refuse(error));
    starts.release();
    await engine?.ended;
    seats.release();
    service.places.release();
  };
  acceptor.worker.on('message', (fd: number | 'started') => {
    if (fd === 'started') return;
    if (stopping) {
      close(fd);
      return;
    }
    if (!admit(service)) {
      close(fd);
      for (const each of [seats, starts]) each.release();
      return;
    }
    const served = serve(fd).finally(() => serving.delete(served));
    serving.add(served);
  });
  await acceptor.started;
  return {
    port: localPort(listener),
    async stop() {
      stopping = true;
      shutdown(listener, SHUT_RDWR);
      for (const each of [seats, starts]) each.release(); // it may wait for them rather than for a client
      await Promise.all([acceptor.exited, engines.stop(Promise.all(serving))]);
      close(listener);
    },
  };
}

/** What that thread does. */
export function acceptAndPost({ listener, seats, starts }: AcceptingStart): void {
  const needed = [new Semaphore(seats), new Semaphore(starts)];
  for (;;) {
    for (const semaphore of needed) semaphore.acquire();
    const fd = accept(listener);
    if (fd === undefined) return;
    parentPort!.postMessage(fd);
  }
}

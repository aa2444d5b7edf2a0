import type { Poller } from '../posix/poller.ts';
import { close, listen, localPort, shutdown, SHUT_RDWR } from '../posix/socket.ts';
import type { RunningServer } from './model.ts';
import { ReadinessLoop } from './readiness-loop.ts';
import { LocalRoom } from './rooms/local.ts';
import type { Service } from './service.ts';
import { startThread } from './threads.ts';

/** A non-blocking listening socket, and one thread that runs the model's `member` with it. */
export async function startLoopThread(service: Service): Promise<RunningServer> {
  const listener = listen(service, service.backlog, { nonBlocking: true });
  const thread = startThread(service, listener);
  await thread.started;
  return {
    port: localPort(listener),
    async stop() {
      shutdown(listener, SHUT_RDWR); // the loop sees it, drains and ends
      await thread.exited;
      close(listener);
    },
  };
}

/** Serves everyone who connects to the listening socket `data` with one loop over `poller`. */
export function serveReady(service: Service, poller: Poller, data: unknown): void {
  const loop = new ReadinessLoop(service, poller, new LocalRoom());
  loop.acceptFrom(data as number);
  loop.run();
}

/**
 * One connection at a time, served to its end: accept, then receive and send in turn, each call sleeping in the kernel
 * until it is done. Later clients are connected by the kernel and wait in the backlog.
 *
 * Source: Stevens, UNIX Network Programming, ch. 30, design 0 (iterative server).
 * Wins on cost per message, for one client. Loses as soon as a second one comes: it waits until the first has left.
 */
import { Conversation } from '../conversation.ts';
import { describeError } from '../../errors/sockbench-error.ts';
import { accept, close, listen, localPort, receive, sendAll, setOption, shutdown, SHUT_RD, SHUT_RDWR } from '../../posix/socket.ts';
import { defineModel } from '../model.ts';
import { LocalRoom } from '../rooms/local.ts';
import type { Service } from '../service.ts';
import { startThread } from '../threads.ts';

/** What the main thread needs to wake the serving one: [listener, connection being served or NONE]. */
type Descriptors = Int32Array<SharedArrayBuffer>;
const LISTENER = 0;
const CONNECTION = 1;
const NONE = -1;

export default defineModel({
  name: 'blocking',
  family: 'iterative',
  summary: 'one connection at a time, blocking calls; the others wait in the backlog; a chat is a room of one',
  source: 'UNP ch. 30, design 0',
  capabilities: { connections: 'one', parallel: false, platforms: ['linux'], requires: ['posix'] },

  async start(service) {
    const descriptors: Descriptors = new Int32Array(new SharedArrayBuffer(8));
    descriptors[LISTENER] = listen(service, service.backlog);
    descriptors[CONNECTION] = NONE;
    const port = localPort(descriptors[LISTENER]);
    const thread = startThread(service, descriptors);
    await thread.started;
    return {
      port,
      async stop() {
        shutdown(descriptors[LISTENER]!, SHUT_RDWR); // accept returns
        wakeConnection(descriptors, SHUT_RD); // what has arrived is still answered
        const deadline = setTimeout(() => wakeConnection(descriptors, SHUT_RDWR), service.limits.drainMs);
        await thread.exited;
        clearTimeout(deadline);
        close(descriptors[LISTENER]!);
      },
    };
  },

  async member(service, data) {
    const descriptors = data as Descriptors;
    const listener = descriptors[LISTENER]!;
    for (let fd = accept(listener); fd !== undefined; fd = accept(listener)) {
      Atomics.store(descriptors, CONNECTION, fd);
      try {
        serve(service, fd);
      } catch (error) {
        process.stderr.write(`connection closed: ${describeError(error)}\n`);
      }
      // Only the holder of the descriptor closes it, so that a stop can't shut down its successor.
      while (Atomics.compareExchange(descriptors, CONNECTION, fd, NONE) !== fd) Atomics.wait(descriptors, CONNECTION, NONE, 1);
      close(fd);
    }
  },
});

const buffer = Buffer.allocUnsafeSlow(1 << 16);

function serve(service: Service, fd: number): void {
  setOption(fd, 'TCP_NODELAY', 1);
  const conversation = new Conversation(service, new LocalRoom(), (batch) => {
    if (sendAll(fd, batch.peek()) < 0) shutdown(fd, SHUT_RDWR); // the client is gone: the next receive says so
    batch.clear();
  });
  for (let received = receive(fd, buffer); received > 0; received = receive(fd, buffer)) {
    conversation.receive(buffer.subarray(0, received));
  }
  conversation.end();
}

function wakeConnection(descriptors: Descriptors, how: number): void {
  const fd = Atomics.exchange(descriptors, CONNECTION, NONE);
  if (fd === NONE) return;
  shutdown(fd, how);
  Atomics.store(descriptors, CONNECTION, fd);
}

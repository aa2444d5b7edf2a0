// A server that does the least, to measure the load generator's own ceiling: whatever arrives goes back unread.
import { createServer, type AddressInfo } from 'node:net';
import { Epoll } from '../posix/epoll.ts';
import { posixUnavailable } from '../posix/libc.ts';
import { READABLE } from '../posix/poller.ts';
import { dieWithStarter } from '../posix/lifetime.ts';
import { accept, close, listen, localPort, receive, sendAll, setOption } from '../posix/socket.ts';

const HOST = '127.0.0.1';
const BACKLOG = 65_535;
const NO_LIMIT = -1;

dieWithStarter();

if (posixUnavailable === undefined) serveWithEpoll();
else serveWithNet();

/** Its sockets block: a send waits until the load generator reads on, which it always does. Ends with a signal. */
function serveWithEpoll(): void {
  const listener = listen({ host: HOST, port: 0 }, BACKLOG);
  const epoll = new Epoll();
  const buffer = Buffer.allocUnsafeSlow(1 << 16);
  epoll.add(listener, READABLE, listener);
  ready(localPort(listener));
  for (;;) {
    const count = epoll.wait(NO_LIMIT);
    for (let index = 0; index < count; index += 1) {
      const fd = epoll.keyAt(index);
      if (fd === listener) {
        const client = accept(listener)!;
        setOption(client, 'TCP_NODELAY', 1);
        epoll.add(client, READABLE, client);
      } else {
        const received = receive(fd, buffer);
        if (received <= 0 || sendAll(fd, buffer.subarray(0, received)) < 0) close(fd);
      }
    }
  }
}

function serveWithNet(): void {
  const server = createServer({ noDelay: true }, (socket) => socket.on('error', () => {}).pipe(socket));
  server.listen(0, HOST, BACKLOG, () => ready((server.address() as AddressInfo).port));
}

function ready(port: number): void {
  process.stdout.write(`${JSON.stringify({ ready: true, host: HOST, port })}\n`);
}

// The least an echo server on node:net can do: no framing, no app, no limits. The yardstick of the event-loop model.
import { createServer } from 'node:net';

createServer({ noDelay: true }, (socket) => {
  socket.on('data', (chunk) => socket.write(chunk));
  socket.on('error', () => socket.destroy());
}).listen(Number(process.argv[2] ?? 0), '127.0.0.1');

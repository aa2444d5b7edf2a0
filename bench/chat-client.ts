import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface, cursorTo, moveCursor, clearLine } from 'node:readline';
import { SockbenchError } from '../errors/sockbench-error.ts';
import { byName, encode } from '../framing/framing.ts';
import { printable } from './report/printable.ts';

const LOST = 1;
const INTERRUPTED = 130;

/**
 * A person in a chat: what is typed goes out under their name, what comes in is printed. Ends with the input, with Ctrl-C
 * (130), or with the connection (1).
 * @throws SockbenchError with the errno's name when there is no server
 */
export async function converse(address: { host: string; port: number }, name: string): Promise<number> {
  const framing = byName('line');
  const socket = connect({ ...address, noDelay: true });
  await once(socket, 'connect').catch((error: NodeJS.ErrnoException) => {
    throw new SockbenchError(
      error.code ?? 'E_CONNECT',
      `expected a chat server at ${address.host}:${address.port}, got ${error.message}`,
      {
        remedy: 'start one with: sockbench chat --serve',
      },
    );
  });
  const terminal = process.stdin.isTTY && process.stdout.isTTY;
  const input = createInterface({ input: process.stdin, output: terminal ? process.stdout : undefined, prompt: '' });
  const say = (text: string): unknown => socket.write(encode(framing, Buffer.from(`${name}: ${text}`)));
  const decoder = framing.decoder((message) => show(printable(message.toString()), terminal, input.line));
  socket.on('data', (chunk: Buffer) => decoder.push(chunk));
  input.on('line', (line) => {
    if (terminal) {
      moveCursor(process.stdout, 0, -1); // what was typed comes back from the server, with the name
      clearLine(process.stdout, 0);
    }
    if (line.trim() !== '') say(line);
  });
  process.stderr.write(`Connected to ${address.host}:${address.port} as ${name}. Ctrl-D or Ctrl-C leaves.\n`);
  return new Promise((resolve) => {
    let left = false;
    input.once('SIGINT', () => resolve(INTERRUPTED));
    process.once('SIGINT', () => resolve(INTERRUPTED));
    input.once('close', () => {
      left = true;
      socket.end(); // the server still answers what was said, then closes
    });
    socket.on('error', () => socket.destroy());
    socket.once('close', () => {
      const lost = !left || socket.errored !== null;
      if (lost) process.stderr.write('The server has closed the connection.\n');
      resolve(lost ? LOST : 0);
    });
  });
}

/** Prints a message above the line that is being typed. */
function show(message: string, terminal: boolean, typing: string): void {
  if (!terminal) {
    process.stdout.write(`${message}\n`);
    return;
  }
  cursorTo(process.stdout, 0);
  clearLine(process.stdout, 0);
  process.stdout.write(`${message}\n${typing}`);
}

import { MessageChannel, receiveMessageOnPort, type MessagePort } from 'node:worker_threads';
import { clear, eventfd, raise } from '../posix/eventfd.ts';

/** One end of the lines between threads: a port to each peer, and the descriptor that wakes the loop at its far end. */
export interface Lines {
  /** Readable when a peer has posted something. */
  own: number;
  peers: { port: MessagePort; wake: number }[];
}

/** Lines from every thread to every other. What belongs to `ports` must be transferred. */
export function connectThreads(threads: number): Lines[] {
  const lines: Lines[] = Array.from({ length: threads }, () => ({ own: eventfd(), peers: [] }));
  for (const [index, from] of lines.entries()) {
    for (const to of lines.slice(index + 1)) {
      const { port1, port2 } = new MessageChannel();
      from.peers.push({ port: port1, wake: to.own });
      to.peers.push({ port: port2, wake: from.own });
    }
  }
  return lines;
}

/** Messages to and from the loops of other threads. The loop sleeps in a system call, so a post wakes it by descriptor. */
export class Mailbox<Message> {
  readonly descriptor: number;
  readonly #peers: Lines['peers'];

  constructor({ own, peers }: Lines) {
    this.descriptor = own;
    this.#peers = peers;
  }

  postToAll(message: Message): void {
    for (let peer = 0; peer < this.#peers.length; peer += 1) this.postTo(peer, message);
  }

  postTo(peer: number, message: Message): void {
    const { port, wake } = this.#peers[peer]!;
    port.postMessage(message);
    raise(wake);
  }

  /** Hands over what has come; for when the descriptor is readable. */
  collect(handle: (message: Message) => void): void {
    clear(this.descriptor);
    for (const { port } of this.#peers) {
      for (let next = receiveMessageOnPort(port); next !== undefined; next = receiveMessageOnPort(port))
        handle(next.message as Message);
    }
  }

  close(): void {
    for (const { port } of this.#peers) port.close();
  }
}

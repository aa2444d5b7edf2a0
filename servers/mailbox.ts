import { MessageChannel, receiveMessageOnPort, type MessagePort } from 'node:worker_threads';
import { clear, eventfd, raise } from '../posix/eventfd.ts';

/** The way to a thread: a port to it, and the descriptor that wakes its loop. */
export interface Peer {
  port: MessagePort;
  wake: number;
}

/** One end of the lines between threads. */
export interface Lines {
  /** Readable when somebody has posted something. */
  own: number;
  peers: Peer[];
  /** Ports from those who only post. */
  sources: MessagePort[];
}

export const openLines = (): Lines => ({ own: eventfd(), peers: [], sources: [] });

/** Lines from every thread to every other. */
export function connectThreads(threads: number): Lines[] {
  const lines = Array.from({ length: threads }, openLines);
  for (const [index, from] of lines.entries()) {
    for (const to of lines.slice(index + 1)) {
      const { port1, port2 } = new MessageChannel();
      from.peers.push({ port: port1, wake: to.own });
      to.peers.push({ port: port2, wake: from.own });
    }
  }
  return lines;
}

/** The way to a thread for one who only posts. */
export function peerOf(to: Lines): Peer {
  const { port1, port2 } = new MessageChannel();
  to.sources.push(port2);
  return { port: port1, wake: to.own };
}

/** What must be transferred to the thread that gets these lines. */
export const portsOf = ({ peers, sources }: Pick<Lines, 'peers' | 'sources'>): MessagePort[] => [
  ...peers.map(({ port }) => port),
  ...sources,
];

/** The thread sleeps in a system call, so the post wakes it by descriptor. */
export function post(message: unknown, { port, wake }: Peer): void {
  port.postMessage(message);
  raise(wake);
}

/** Messages to and from the loops of other threads. */
export class Mailbox<Message> {
  readonly descriptor: number;
  readonly #peers: readonly Peer[];
  readonly #ports: readonly MessagePort[];

  constructor(lines: Lines) {
    this.descriptor = lines.own;
    this.#peers = lines.peers;
    this.#ports = portsOf(lines);
  }

  postToAll(message: Message): void {
    for (const peer of this.#peers) post(message, peer);
  }

  /** Hands over what has come; for when the descriptor is readable. */
  collect(handle: (message: Message) => void): void {
    clear(this.descriptor);
    for (const port of this.#ports) {
      for (let next = receiveMessageOnPort(port); next !== undefined; next = receiveMessageOnPort(port))
        handle(next.message as Message);
    }
  }

  close(): void {
    for (const port of this.#ports) port.close();
  }
}

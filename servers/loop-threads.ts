import { Epoll } from '../posix/epoll.ts';
import { close } from '../posix/socket.ts';
import { Mailbox, portsOf, type Lines } from './mailbox.ts';
import { ReadinessLoop } from './readiness-loop.ts';
import { RelayRoom } from './rooms/relay.ts';
import type { Service } from './service.ts';
import { startThread } from './threads.ts';

/** What the thread of a loop is given. */
export interface LoopStart {
  lines: Lines;
  /** Its own listening socket, if it has one. */
  listener: number | undefined;
}

/** What a loop finds in its mailbox: what was said in the room, a connection to serve, or that no more will come. */
export type Letter = Uint8Array[] | { connection: number } | 'drain';

export interface LoopThreads {
  readonly started: Promise<unknown>;
  /** Resolves when all have drained; they must have been told. */
  ended(): Promise<void>;
}

/** Threads that run the model's `member`, one for each of `lines`. */
export function startLoops(service: Service, lines: readonly Lines[], listeners: readonly number[] = []): LoopThreads {
  const threads = lines.map((each, index) =>
    startThread(service, { lines: each, listener: listeners[index] } satisfies LoopStart, portsOf(each)),
  );
  return {
    started: Promise.all(threads.map(({ started }) => started)),
    async ended() {
      await Promise.all(threads.map(({ exited }) => exited));
      for (const { own } of lines) close(own);
    },
  };
}

/** One epoll loop of several in their threads, which share nothing and post to each other what is said in the room. */
export function runLoop(service: Service, { lines, listener }: LoopStart): void {
  const mailbox = new Mailbox<Letter>(lines);
  const room = new RelayRoom((payloads) => mailbox.postToAll(payloads));
  const loop = new ReadinessLoop(service, new Epoll(), room);
  if (listener !== undefined) loop.acceptFrom(listener);
  loop.watch(mailbox.descriptor, () =>
    mailbox.collect((letter) => {
      if (letter === 'drain') loop.drain();
      else if ('connection' in letter) loop.open(letter.connection);
      else room.receive(letter);
    }),
  );
  loop.run();
  mailbox.close();
}

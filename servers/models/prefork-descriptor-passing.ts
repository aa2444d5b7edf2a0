/**
 * A thread of the parent waits until one of N processes, made beforehand, says that it is idle; only then it accepts, and
 * passes the connection's descriptor to that process (SCM_RIGHTS). Client N+1 waits in the backlog.
 *
 *                                              ┌─[ process 1 ]~~> recv(A)
 *     listening socket ─[ acceptor ]~~> accept ┼─[ process 2 ]~~> recvmsg   for a descriptor
 *                            ^                 └─[ process 3 ]~~> recvmsg
 *                            └── "idle" from process 2 and process 3
 *
 * Source: Stevens, UNIX Network Programming, ch. 30, design 5 (preforked, descriptor passing).
 * Wins where the parent must choose who serves whom. Loses to prefork by the calls of the hand-over: two messages and a
 * copy of the descriptor for each connection.
 */
import { openChannel, passDescriptor, receiveDescriptor } from '../../posix/descriptor-passing.ts';
import { Poll } from '../../posix/poll.ts';
import { READABLE } from '../../posix/poller.ts';
import { accept, close, listen, localPort, receive, send, shutdown, SHUT_RDWR } from '../../posix/socket.ts';
import { blockingMember } from '../blocking-processes.ts';
import { Mailbox, openLines, peerOf, portsOf, post, type Lines } from '../mailbox.ts';
import { defineModel } from '../model.ts';
import { startPreforked } from '../preforked-processes.ts';
import { spawnMember } from '../process-group.ts';
import type { Service } from '../service.ts';
import { startThread } from '../threads.ts';

/** What a process sends when it is idle. */
const IDLE = Buffer.from('.');

interface AcceptingStart {
  listener: number;
  lines: Lines;
}

/** The channel to a process that was just made, or that no more will come. */
type Letter = { channel: number } | 'end';

export default defineModel({
  name: 'prefork-descriptor-passing',
  family: 'process',
  summary: 'one thread accepts and passes each connection to an idle one of N processes',
  source: 'UNP ch. 30, design 5',
  capabilities: { connections: 'bounded', parallel: true, platforms: ['linux'], requires: ['posix'] },
  evidence: { servedBy: 'N processes', receivesIn: 'recv', acceptedBy: 'one', acceptsIn: 'accept', idlesIn: 'recvmsg' },

  async start(service) {
    const listener = listen(service, service.backlog);
    const lines = openLines();
    const toAcceptor = peerOf(lines);
    const acceptor = startThread(service, { listener, lines } satisfies AcceptingStart, portsOf(lines));
    const processes = await startPreforked(service, () => {
      const [channel, inherited] = openChannel();
      const made = spawnMember(service, [inherited]);
      close(inherited);
      post({ channel } satisfies Letter, toAcceptor);
      return made;
    });
    return {
      port: localPort(listener),
      async stop() {
        shutdown(listener, SHUT_RDWR);
        post('end' satisfies Letter, toAcceptor);
        await Promise.all([acceptor.exited, processes.stop()]);
        for (const fd of [listener, lines.own]) close(fd);
      },
    };
  },

  async member(service, data) {
    const start = data as AcceptingStart | object;
    if ('lines' in start) acceptForIdle(start);
    else await blockingMember(service, data, (channel) => () => nextPassed(service, channel));
  },
});

/** In the parent's accepting thread. Closing the channels tells the processes that no more will come. */
function acceptForIdle({ listener, lines }: AcceptingStart): void {
  const processes = new IdleProcesses(lines);
  for (;;) {
    let idle = processes.next();
    const fd = idle === undefined ? undefined : accept(listener);
    if (fd === undefined) break;
    while (idle !== undefined && passDescriptor(idle, fd) < 0) idle = processes.next(); // that one has died
    close(fd);
  }
  processes.close();
}

/** The channels to processes, and which of them are idle. */
class IdleProcesses {
  readonly #mailbox: Mailbox<Letter>;
  readonly #poll = new Poll();
  readonly #channels = new Set<number>();
  readonly #idle = new Set<number>();
  readonly #byte = Buffer.alloc(1);
  #ended = false;

  constructor(lines: Lines) {
    this.#mailbox = new Mailbox(lines);
    this.#poll.add(lines.own, READABLE, lines.own);
  }

  /** Sleeps until a process is idle. Returns its channel, or undefined when the server stops. */
  next(): number | undefined {
    while (this.#idle.size === 0 && !this.#ended) {
      const ready = this.#poll.wait(-1);
      const channels = Array.from({ length: ready }, (_, index) => this.#poll.keyAt(index));
      for (const channel of channels) this.#hear(channel);
    }
    if (this.#ended) return undefined;
    const [first] = this.#idle;
    this.#idle.delete(first!);
    return first;
  }

  close(): void {
    for (const channel of this.#channels) close(channel);
    this.#mailbox.close();
  }

  #hear(channel: number): void {
    if (channel === this.#mailbox.descriptor) {
      this.#mailbox.collect((letter) => this.#read(letter));
    } else if (receive(channel, this.#byte) > 0) {
      this.#idle.add(channel);
    } else {
      this.#poll.remove(channel); // the process has died
      this.#channels.delete(channel);
      this.#idle.delete(channel);
      close(channel);
    }
  }

  #read(letter: Letter): void {
    if (letter === 'end') {
      this.#ended = true;
      return;
    }
    this.#channels.add(letter.channel);
    this.#poll.add(letter.channel, READABLE, letter.channel);
  }
}

/** In a process: says that it is idle, and sleeps until a connection is passed. */
function nextPassed(service: Service, channel: number): number | undefined {
  for (;;) {
    send(channel, IDLE, IDLE.length);
    const fd = receiveDescriptor(channel);
    if (fd === undefined || fd >= 0) return fd;
    service.closings.count('refused'); // this process had no room for it
  }
}

import { send, wouldBlock } from '../posix/socket.ts';
import type { Conversation } from './conversation.ts';

/** A connection of a readiness loop, and what of its replies has not left yet. */
export class Connection {
  readonly fd: number;
  conversation!: Conversation;
  /** What the kernel has not taken yet; undefined when it has taken all. */
  unsent: Buffer[] | undefined;
  unsentBytes = 0;
  /** To be closed as soon as everything is sent. */
  ending = false;
  closed = false;

  constructor(fd: number) {
    this.fd = fd;
  }

  /** Sends of what waits as much as the kernel takes. Returns whether nothing waits any more, be it that the client is gone. */
  sendRest(): boolean {
    const queue = this.unsent!;
    while (queue.length > 0) {
      const sent = send(this.fd, queue[0]!, queue[0]!.length);
      if (sent < 0 && !wouldBlock(sent)) break;
      this.unsentBytes -= Math.max(sent, 0);
      if (sent < queue[0]!.length) {
        if (sent > 0) queue[0] = queue[0]!.subarray(sent);
        return false;
      }
      queue.shift();
    }
    this.unsent = undefined;
    this.unsentBytes = 0;
    return true;
  }
}

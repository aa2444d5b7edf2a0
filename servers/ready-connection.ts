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
}

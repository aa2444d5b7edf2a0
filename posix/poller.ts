/** What an event loop asks of the kernel: which of many descriptors are ready. epoll.ts, poll.ts and select.ts answer. */
export interface Poller {
  /** Readiness is told once, when it begins, not for as long as it lasts: read until there is nothing. */
  readonly edgeTriggered: boolean;
  /** Throws a SockbenchError when the descriptor can't be watched. */
  add(fd: number, events: number, key: number): void;
  modify(fd: number, events: number, key: number): void;
  remove(fd: number): void;
  /** Sleeps until something is ready or the time is over (-1: no limit). Returns how many descriptors are ready. */
  wait(timeoutMs: number): number;
  /** The number that `add` was given for the `index`-th ready descriptor. */
  keyAt(index: number): number;
  close(): void;
}

/** The values are those of poll(2), which epoll(7) shares. */
export const READABLE = 0x001;
export const WRITABLE = 0x004;

/** The other side has ended: of use to those who don't ask for READABLE, and so would not receive its end. */
export const ENDED = 0x2000;

/** Told without asking: both sides have ended. */
export const HUNG_UP = 0x010;

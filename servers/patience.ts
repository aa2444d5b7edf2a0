import type { Reason } from './closings.ts';
import type { Limits, Service } from './service.ts';

/** Limits of time are looked at this often while they last: a client is closed at most so much later, never earlier. */
const LOOKS = 4;

/** What a client has done so far, and what it is owed. */
export interface Progress {
  /** Reads that brought something. */
  chunks: number;
  /** Whole messages in them. */
  messages: number;
  /** Whether a message has begun and is not whole. */
  midFrame: boolean;
  /** Whether a reply is still being made. */
  owed: boolean;
  /** Bytes of replies that the kernel has not taken yet. */
  unsentBytes: number;
}

/** For how long a client may keep the server waiting. It is asked now and then, so that no message costs a timer. */
export class Patience {
  readonly #limits: Limits;
  readonly #silence = new Standstill();
  readonly #frame = new Standstill();
  readonly #output = new Standstill();

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** Why the connection is to be closed, or undefined while the client keeps to the limits. */
  exhausted(nowMs: number, { chunks, messages, midFrame, owed, unsentBytes }: Progress): Reason | undefined {
    const { idleMs, frameMs } = this.#limits;
    const waits = !owed && unsentBytes === 0; // otherwise it may be the server who doesn't read
    const silentMs = this.#silence.lastsMs(waits ? chunks : MOVING, nowMs);
    const inFrameMs = this.#frame.lastsMs(waits && midFrame ? messages : MOVING, nowMs);
    const unreadMs = this.#output.lastsMs(unsentBytes > 0 ? unsentBytes : MOVING, nowMs);
    if (frameMs > 0 && inFrameMs >= frameMs) return 'slow';
    if (idleMs > 0 && silentMs >= idleMs) return 'idle';
    if (idleMs > 0 && unreadMs >= idleMs) return 'unread';
    return undefined;
  }
}

const MOVING = -1;

/** For how long a value has stayed the same, as far as somebody looked. */
class Standstill {
  #value = MOVING;
  #sinceMs = 0;

  lastsMs(value: number, nowMs: number): number {
    if (value === MOVING || value !== this.#value) this.#sinceMs = nowMs;
    this.#value = value;
    return nowMs - this.#sinceMs;
  }
}

/** How often to look whether clients keep to the limits of time; Infinity where there are none. */
export function lookEveryMs({ idleMs, frameMs }: Limits): number {
  return Math.min(...[idleMs, frameMs].filter((ms) => ms > 0)) / LOOKS;
}

/** A connection of a loop. */
interface Watched {
  readonly conversation: { overdue(nowMs: number, unsentBytes: number): Reason | undefined };
  readonly unsentBytes: number;
  readonly closed: boolean;
}

/** Closes, and counts, the connections whose clients have exceeded a limit of time. */
export function closeOverdue<Connection extends Watched>(
  { closings }: Service,
  connections: Iterable<Connection>,
  close: (connection: Connection) => void,
): void {
  const nowMs = performance.now();
  for (const connection of connections) {
    const reason = connection.closed ? undefined : connection.conversation.overdue(nowMs, connection.unsentBytes);
    if (reason === undefined) continue;
    closings.count(reason);
    close(connection);
  }
}

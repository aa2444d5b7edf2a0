import { describeError, SockbenchError } from '../errors/sockbench-error.ts';

/** Why a server closes a connection of its own accord. */
const reasons = [
  /** The client broke the framing. */
  'framing',
  /** More output waited for the client than may, or for longer: it doesn't read. */
  'unread',
  /** There was no room for the connection: as many were open as may be, or as the machine bears. */
  'refused',
  /** The app failed on one of its messages. */
  'app',
  /** Nothing came from the client for too long, and nothing was owed to it. */
  'idle',
  /** It took too long to finish a message. */
  'slow',
] as const;
export type Reason = (typeof reasons)[number];
export type ClosingCounts = Record<Reason, number>;

/** So many of a reason are told of; a flood of hostile clients must not become one of lines. */
const TOLD = 10;

function tell(what: string, before: number): void {
  if (before < TOLD) process.stderr.write(`${what}\n`);
  if (before === TOLD) process.stderr.write(`${what}; further ones of this kind are only counted\n`);
}

/** How many connections a server has closed, and why; the threads of a process count in the same memory. */
export class Closings {
  readonly shared: Int32Array<SharedArrayBuffer>;

  constructor(shared = new Int32Array(new SharedArrayBuffer(4 * reasons.length))) {
    this.shared = shared;
  }

  /** @returns how many there were before */
  count(reason: Reason, howOften = 1): number {
    return Atomics.add(this.shared, reasons.indexOf(reason), howOften);
  }

  /** Counts a connection that ends with an error, and says so on stderr. */
  report(error: unknown): void {
    const before = this.count(error instanceof SockbenchError && error.code.startsWith('E_FRAME') ? 'framing' : 'app');
    tell(`connection closed: ${describeError(error)}`, before);
  }

  /** Takes a step that may fail, and fail one connection only. */
  attempt(step: () => void): void {
    try {
      step();
    } catch (error) {
      this.report(error);
    }
  }

  /** Counts a connection that can't be served, and says why on stderr. */
  refuse(error: unknown): void {
    tell(`connection refused: ${describeError(error)}`, this.count('refused'));
  }

  /** Adds what another process has counted. */
  add(counts: ClosingCounts): void {
    for (const reason of reasons) this.count(reason, counts[reason]);
  }

  get counts(): ClosingCounts {
    return Object.fromEntries(reasons.map((reason, index) => [reason, Atomics.load(this.shared, index)])) as ClosingCounts;
  }
}

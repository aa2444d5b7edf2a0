/** Every failure that sockbench itself reports: what was expected, what came, and what to do about it. */
export class SockbenchError extends Error {
  /** Stable identifier, e.g. `E_FRAME_TOO_LARGE`. */
  readonly code: string;
  /** What the reader can do about it, one sentence. */
  readonly remedy: string | undefined;

  constructor(code: string, message: string, details: { remedy?: string | undefined; cause?: unknown } = {}) {
    super(message, 'cause' in details ? { cause: details.cause } : undefined);
    this.name = 'SockbenchError';
    this.code = code;
    this.remedy = details.remedy;
  }
}

/** The message of anything thrown, with its code where it has one. */
export function describeError(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const { code } = thrown as NodeJS.ErrnoException;
  return typeof code !== 'string' || thrown.message.includes(code) ? thrown.message : `${code}: ${thrown.message}`;
}

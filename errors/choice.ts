import { closest } from 'fastest-levenshtein';
import { SockbenchError } from './sockbench-error.ts';

/** Says "expected one of …, got …; nearest: …", the same way for every name that a person may misspell. */
export function unknownName(kind: string, got: string, known: readonly string[]): SockbenchError {
  return new SockbenchError('E_UNKNOWN_NAME', `${kind}: expected one of ${known.join(', ')}, got ${JSON.stringify(got)}`, {
    remedy: `nearest: ${closest(got, known)}`,
  });
}

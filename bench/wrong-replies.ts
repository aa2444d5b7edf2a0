import type { LoadResult } from '../loadgen/result.ts';
import { formatKinds } from './report/format.ts';

/**
 * What was wrong with a run, in words; empty where every message was answered rightly. Messages that were never sent, because
 * their connections were full while everything stood still, are not lost ones.
 */
export function wrongReplies({ errors, failures, unanswered, offered, latencyNs }: LoadResult): string {
  if (latencyNs.count === 0) return 'no reply';
  const unsent = offered === undefined ? 0 : offered.messages - offered.sent;
  return formatKinds({ ...errors, ...failures, unanswered: unanswered - unsent });
}

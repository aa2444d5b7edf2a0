import { byName } from '../../../framing/framing.ts';
import type { ExchangeContext } from '../../../loadgen/exchange.ts';
import { Payloads, type ReplyTo } from '../../../loadgen/payloads.ts';
import { Recorder } from '../../../loadgen/recorder.ts';
import { newTally } from '../../../loadgen/tally.ts';

export interface Setting {
  framing?: string;
  sizeBytes?: number;
  depth?: number;
  totalSlots?: number;
  replyTo?: ReplyTo;
  sharedBytes?: number;
}

/** What exchanges are given, with a tally and a recorder that have counted nothing. */
export function exchangeContext(setting: Setting = {}): ExchangeContext {
  const { framing: name = 'line', sizeBytes = 32, depth = 4, totalSlots = 1, sharedBytes = 0 } = setting;
  const { replyTo = (request: Buffer) => request } = setting;
  const framing = byName(name, { sizeBytes });
  return {
    framing,
    payloads: new Payloads(framing, sizeBytes, replyTo),
    recorder: new Recorder(),
    window: { fromNs: 0, untilNs: Infinity },
    histograms: {},
    tally: newTally(),
    depth,
    totalSlots,
    shared: new SharedArrayBuffer(sharedBytes),
  };
}

/** What a recorder holds, as plain numbers. */
export function latencies({ count, lowerBounds, meanNs, maxNs }: Recorder): Record<string, number> {
  return { count, lowerBounds, meanNs, maxNs };
}

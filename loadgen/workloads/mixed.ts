import { lot } from '../../protocol/message.ts';
import type { ExchangeFactory } from '../exchange.ts';
import { inOrder } from '../exchanges/by-sender.ts';
import { latencyMeasure } from '../measures.ts';
import type { Recorder } from '../recorder.ts';
import { defineWorkload } from '../workload.ts';

export default defineWorkload({
  name: 'mixed',
  summary: 'a few messages are slow (--slow-share, --delay): what that does to the others, whose latency is told',
  app: 'mixed',
  replyTo: () => (request) => request,
  roles: ({ slowShare }) => [{ pace: 'closed', exchange: slowApart(slowShare) }],
  histograms: ['slow'],
  measures: ({ options, histograms: { responseTime, slow } }) => ({
    slow: latencyMeasure('latency of the slow ones', slow!),
    harmed: {
      kind: 'share',
      meaning: 'of the others took longer than half the delay',
      value: responseTime.countAbove(options.delayMs * 0.5e6) / Math.max(1, responseTime.count),
    },
  }),
  placement: 'apart',
  variants: [],
  moreVariants: [{ connections: 64 }, { connections: 64, pipelining: 4 }],
});

/** The response times of slow messages go elsewhere; which ones those are, the app decides by the same draw. */
const slowApart =
  (slowShare: number): ExchangeFactory =>
  (context, slot) => {
    const { recorder, payloads } = context;
    const slow = context.histograms['slow']!;
    const recorderOf = (bytes: Buffer, start: number): Recorder =>
      lot(bytes, start, payloads.sizeBytes) < slowShare ? slow : recorder;
    return inOrder({ ...context, recorderOf }, slot);
  };

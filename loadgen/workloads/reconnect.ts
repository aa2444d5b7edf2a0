import { inOrder } from '../exchanges/by-sender.ts';
import { defineWorkload } from '../workload.ts';

export default defineWorkload({
  name: 'reconnect',
  summary: 'connect, a request or more (--messages-per-connection), close, again: clients come and go',
  app: 'echo',
  replyTo: () => (request) => request,
  roles: () => [{ pace: 'closed', exchange: inOrder }],
  defaults: { messagesPerConnection: 1 },
  measures: ({ histograms, failures, durationMs }) => ({
    accepted: {
      kind: 'rate',
      meaning: 'connections opened',
      value: durationMs === 0 ? 0 : (histograms['connectTime'].count * 1000) / durationMs,
    },
    refused: { kind: 'count', meaning: 'connections refused', value: failures['ECONNREFUSED'] ?? 0 },
  }),
  placement: 'apart',
  variants: [],
  moreVariants: [
    { connections: 16, messagesPerConnection: 1 },
    { connections: 16, messagesPerConnection: 16 },
  ],
});

import { inOrder } from '../exchanges/by-sender.ts';
import { hanging } from '../exchanges/hanging.ts';
import { defineWorkload } from '../workload.ts';

export default defineWorkload({
  name: 'slow-reader',
  summary: 'all but --active connections ask for much and stop reading: what that does to the others, and to memory',
  app: 'echo',
  replyTo: () => (request) => request,
  roles: ({ active, connections }) => [
    { connections: active ?? connections, pace: 'closed', exchange: inOrder },
    { pace: 'closed', exchange: hanging },
  ],
  defaults: { connections: 16, active: 12 },
  counters: ['dropped'],
  measures: ({ options: { connections, active = connections }, counters }) => ({
    slowReaders: { kind: 'count', meaning: 'connections that stopped reading', value: Math.max(0, connections - active) },
    // A server that resets them is seen to; one that ends in good order has its end wait behind what is not read.
    dropped: { kind: 'count', meaning: 'of them dropped by the server', value: counters['dropped']! },
  }),
  placement: 'apart',
  variants: [],
  moreVariants: [{ connections: 64, active: 56 }],
});

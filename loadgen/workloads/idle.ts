import { inOrder } from '../exchanges/by-sender.ts';
import { defineWorkload } from '../workload.ts';

export default defineWorkload({
  name: 'idle',
  summary: 'all but --active connections are silent: what memory each costs, and what they do to the others',
  app: 'echo',
  replyTo: () => (request) => request,
  roles: ({ active, connections }) => [
    { connections: active ?? connections, pace: 'closed', exchange: inOrder },
    { pace: 'silent', exchange: inOrder },
  ],
  defaults: { connections: 1000, active: 8 },
  placement: 'apart',
  variants: [],
  // Several, so that the slope of memory over connections can be told.
  moreVariants: [
    { connections: 100, active: 8 },
    { connections: 400, active: 8 },
    { connections: 1000, active: 8 },
  ],
});

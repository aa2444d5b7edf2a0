import { witness } from '../exchanges/witness.ts';
import { defineWorkload } from '../workload.ts';

export default defineWorkload({
  name: 'timeline',
  summary: 'a few clients come and go, and every message is kept: who served which connection when',
  app: 'identify',
  replyTo: () => (request) => request,
  roles: () => [{ pace: 'closed', exchange: witness }],
  placement: 'server-everywhere',
  variants: [],
  once: [{ connections: 8, messagesPerConnection: 4, work: 1500 }],
});

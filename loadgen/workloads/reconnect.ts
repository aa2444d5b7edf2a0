import { inOrder } from '../exchanges/by-sender.ts';
import { defineWorkload } from '../workload.ts';

export default defineWorkload({
  name: 'reconnect',
  summary: 'connect, a few requests, close, again: clients come and go',
  app: 'echo',
  replyTo: () => (request) => request,
  roles: () => [{ pace: 'closed', exchange: inOrder }],
  placement: 'apart',
  variants: [],
  moreVariants: [{ connections: 16, messagesPerConnection: 16 }],
});

import { inOrder } from '../exchanges/by-sender.ts';
import { defineWorkload } from '../workload.ts';

export default defineWorkload({
  name: 'echo',
  summary: 'request and reply in a closed loop over connections that stay',
  app: 'echo',
  replyTo: () => (request) => request,
  roles: () => [{ pace: 'closed', exchange: inOrder }],
  placement: 'apart',
  variants: [{ connections: 64 }],
  moreVariants: [{ connections: 1 }],
});

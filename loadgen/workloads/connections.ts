import { inOrder } from '../exchanges/by-sender.ts';
import { defineWorkload } from '../workload.ts';

export default defineWorkload({
  name: 'connections',
  summary: 'as echo, with few and with many connections: how throughput and memory grow with them',
  app: 'echo',
  replyTo: () => (request) => request,
  roles: () => [{ pace: 'closed', exchange: inOrder }],
  placement: 'apart',
  variants: [],
  moreVariants: [{ connections: 1 }, { connections: 8 }, { connections: 64 }, { connections: 512 }],
});

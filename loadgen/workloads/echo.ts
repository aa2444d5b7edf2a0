import { InOrderExchange } from '../exchanges/in-order.ts';
import { defineWorkload } from '../workload.ts';

export default defineWorkload({
  name: 'echo',
  summary: 'request and reply in a closed loop over connections that stay',
  app: 'echo',
  replyTo: () => (request) => request,
  exchange: (context, slot) => new InOrderExchange(context, slot),
  placement: 'apart',
  variants: [{ connections: 1 }, { connections: 64 }],
});

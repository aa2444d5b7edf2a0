import { inOrder } from '../exchanges/by-sender.ts';
import { fragmenting } from '../fragmenting.ts';
import { defineWorkload } from '../workload.ts';

export default defineWorkload({
  name: 'fragments',
  summary: 'as echo, but messages arrive cut and joined at random places (--seed): every reply must be right all the same',
  app: 'echo',
  replyTo: () => (request) => request,
  roles: () => [{ pace: 'closed', exchange: inOrder }],
  wire: fragmenting,
  defaults: { pipelining: 4 },
  placement: 'apart',
  variants: [],
  moreVariants: [
    { connections: 64, pipelining: 1 },
    { connections: 64, pipelining: 4 },
  ],
});

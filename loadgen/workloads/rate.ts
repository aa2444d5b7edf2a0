import { inOrder } from '../exchanges/by-sender.ts';
import { defineWorkload } from '../workload.ts';

export default defineWorkload({
  name: 'rate',
  summary: 'open loop: messages at their planned times, --rate a second, however long replies take',
  app: 'echo',
  replyTo: () => (request) => request,
  roles: () => [{ pace: 'scheduled', exchange: inOrder }],
  defaults: { rate: 1000 },
  placement: 'apart',
  variants: [],
  moreVariants: [
    { connections: 64, rate: 2000 },
    { connections: 64, rate: 10_000 },
  ],
});

import { hashed } from '../../protocol/hash.ts';
import { inOrder } from '../exchanges/by-sender.ts';
import { defineWorkload } from '../workload.ts';

export default defineWorkload({
  name: 'hash',
  summary: 'each message costs CPU time (--work rounds of PBKDF2-SHA256)',
  app: 'hash',
  replyTo:
    ({ work }) =>
    (request) =>
      hashed(request, work),
  roles: () => [{ pace: 'closed', exchange: inOrder }],
  placement: 'server-everywhere',
  variants: [{ connections: 16, work: 500 }],
  moreVariants: [10, 100, 1000, 10_000].map((work) => ({ connections: 16, work })),
});

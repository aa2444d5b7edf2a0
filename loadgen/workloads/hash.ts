import { pbkdf2Sync } from 'node:crypto';
import { TAG_BYTES } from '../../protocol/message.ts';
import { inOrder } from '../exchanges/by-sender.ts';
import { defineWorkload } from '../workload.ts';

export default defineWorkload({
  name: 'hash',
  summary: 'each message costs CPU time (--work rounds of PBKDF2-SHA256)',
  app: 'hash',
  replyTo:
    ({ work }) =>
    (request) => {
      const digest = pbkdf2Sync(request.subarray(TAG_BYTES), 'sockbench', work, 32, 'sha256').toString('hex');
      const reply = Buffer.alloc(request.length, digest);
      request.copy(reply, 0, 0, TAG_BYTES);
      return reply;
    },
  roles: () => [{ pace: 'closed', exchange: inOrder }],
  placement: 'server-everywhere',
  variants: [{ connections: 16, work: 500 }],
  moreVariants: [10, 100, 1000, 10_000].map((work) => ({ connections: 16, work })),
});

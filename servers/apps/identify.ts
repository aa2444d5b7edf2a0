import { threadId } from 'node:worker_threads';
import { digest } from '../../protocol/hash.ts';
import { TAG_BYTES } from '../../protocol/message.ts';
import { defineApp } from '../app.ts';

export default defineApp({
  name: 'identify',
  summary: 'works as hash does, then says who did it and when: process, thread, begin and duration in ns',
  create:
    ({ work }) =>
    (message) => {
      const begunNs = process.hrtime.bigint();
      digest(message, work);
      const tookNs = process.hrtime.bigint() - begunNs;
      const payload = Buffer.alloc(message.length, ' ');
      message.copy(payload, 0, 0, TAG_BYTES);
      Buffer.from(` ${process.pid} ${threadId} ${begunNs} ${tookNs} `).copy(payload, TAG_BYTES);
      return { to: 'sender', payload };
    },
});

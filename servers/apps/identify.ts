import { pbkdf2Sync } from 'node:crypto';
import { threadId } from 'node:worker_threads';
import { TAG_BYTES } from '../../protocol/message.ts';
import { defineApp } from '../app.ts';

export default defineApp({
  name: 'identify',
  summary: 'works as hash does, then says who did it and when: process, thread, begin and duration in ns',
  create:
    ({ work }) =>
    (message) => {
      const begunNs = process.hrtime.bigint();
      pbkdf2Sync(message.subarray(TAG_BYTES), 'sockbench', work, 32, 'sha256');
      const tookNs = process.hrtime.bigint() - begunNs;
      const payload = Buffer.alloc(message.length, ' ');
      message.copy(payload, 0, 0, TAG_BYTES);
      Buffer.from(` ${process.pid} ${threadId} ${begunNs} ${tookNs} `).copy(payload, TAG_BYTES);
      return { to: 'sender', payload };
    },
});

import { pbkdf2Sync } from 'node:crypto';
import { TAG_BYTES } from '../../protocol/message.ts';
import { defineApp } from '../app.ts';

export default defineApp({
  name: 'hash',
  summary: 'PBKDF2-SHA256 over the message, --work rounds; the reply has the size of the message',
  create:
    ({ work }) =>
    (message) => {
      const tag = message.subarray(0, TAG_BYTES);
      const body = message.subarray(TAG_BYTES);
      const digest = pbkdf2Sync(body, 'sockbench', work, 32, 'sha256').toString('hex');
      const payload = Buffer.alloc(message.length, digest);
      tag.copy(payload);
      return { to: 'sender', payload };
    },
});

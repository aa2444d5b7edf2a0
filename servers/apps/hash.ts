import { hashed } from '../../protocol/hash.ts';
import { defineApp } from '../app.ts';

export default defineApp({
  name: 'hash',
  summary: 'PBKDF2-SHA256 over the message, --work rounds; the reply has the size of the message',
  create:
    ({ work }) =>
    (message) => ({ to: 'sender', payload: hashed(message, work) }),
});

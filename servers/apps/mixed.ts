import { lot } from '../../protocol/message.ts';
import { defineApp } from '../app.ts';

export default defineApp({
  name: 'mixed',
  summary: 'as echo, but a share of the messages (--slow-share) comes back only after --delay',
  create:
    ({ delayMs, slowShare }) =>
    (message) =>
      lot(message) < slowShare ? { to: 'sender', payload: message, afterMs: delayMs } : { to: 'sender', payload: message },
});

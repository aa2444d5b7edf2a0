import { defineApp } from '../app.ts';

export default defineApp({
  name: 'wait',
  summary: 'every message comes back to its sender after --delay, as if a back end had been asked',
  create:
    ({ delayMs }) =>
    (message) => ({ to: 'sender', payload: message, afterMs: delayMs }),
});

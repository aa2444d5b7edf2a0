import { defineApp } from '../app.ts';

export default defineApp({
  name: 'echo',
  summary: 'every message comes back to its sender',
  create: () => (message) => ({ to: 'sender', payload: message }),
});

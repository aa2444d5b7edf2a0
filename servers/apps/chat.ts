import { defineApp } from '../app.ts';

export default defineApp({
  name: 'chat',
  summary: 'every message goes to everyone in the room, its sender included',
  create: () => (message) => ({ to: 'room', payload: message }),
});

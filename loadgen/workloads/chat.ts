import { inRoom } from '../exchanges/room.ts';
import { defineWorkload } from '../workload.ts';

export default defineWorkload({
  name: 'chat',
  summary: 'one room, everyone speaks and hears everyone; a message is one delivery to one member',
  app: 'chat',
  replyTo: () => (request) => request,
  roles: () => [{ pace: 'closed', exchange: inRoom }],
  placement: 'apart',
  variants: [{ connections: 16 }],
});

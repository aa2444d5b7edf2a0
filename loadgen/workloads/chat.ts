import { inRoom, roomNeeds } from '../exchanges/room.ts';
import { latencyMeasure } from '../measures.ts';
import { defineWorkload } from '../workload.ts';

export default defineWorkload({
  name: 'chat',
  summary: 'one room: all hear whoever speaks (all, or --active; at --rate if given); a message is one delivery to one member',
  app: 'chat',
  replyTo: () => (request) => request,
  roles: ({ connections, active = connections, rate }) => [
    { connections: active, pace: rate === undefined ? 'closed' : 'scheduled', exchange: inRoom },
    { pace: 'silent', exchange: inRoom },
  ],
  ...roomNeeds,
  measures({ histograms, counters }) {
    return {
      delivery: latencyMeasure('each delivery to a member', histograms['delivery']!),
      firstDelivery: latencyMeasure('first delivery of each message', histograms['firstDelivery']!),
      medianDelivery: latencyMeasure('median delivery of each message', histograms['medianDelivery']!),
      lastDelivery: latencyMeasure('last delivery of each message', histograms['lastDelivery']!),
      owed: { kind: 'count', meaning: 'deliveries owed', value: counters['owed']! },
      delivered: { kind: 'count', meaning: 'deliveries made of those', value: counters['delivered']! },
    };
  },
  placement: 'apart',
  variants: [{ connections: 16 }],
  moreVariants: [
    { connections: 64, active: 4 },
    { connections: 64, active: 4, rate: 200 },
  ],
});

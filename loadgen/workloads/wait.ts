import { inOrder } from '../exchanges/by-sender.ts';
import { defineWorkload } from '../workload.ts';

export default defineWorkload({
  name: 'wait',
  summary: 'replies are due after --delay, as if a back end had been asked: how many a server waits for at once',
  app: 'wait',
  replyTo: () => (request) => request,
  roles: () => [{ pace: 'closed', exchange: inOrder }],
  measures({ options, messagesPerSecond, histograms }) {
    // Of those that are answered: Little 1961.
    const inFlight = (messagesPerSecond * histograms.responseTime.answeredMeanNs) / 1e9;
    const atOnce = (messagesPerSecond * options.delayMs) / 1000;
    const most = options.connections * options.pipelining;
    return {
      inFlight: { kind: 'count', meaning: 'in flight (throughput × mean latency)', value: inFlight },
      inFlightShare: { kind: 'share', meaning: 'in flight, of connections × depth', value: inFlight / most },
      // What waits in a queue of the server is in flight as well, but nobody waits for its back end.
      atOnce: { kind: 'count', meaning: 'delays at once (throughput × delay)', value: atOnce },
      atOnceShare: { kind: 'share', meaning: 'delays at once, of connections × depth', value: atOnce / most },
    };
  },
  placement: 'apart',
  variants: [],
  moreVariants: [{ connections: 16 }, { connections: 256 }, { connections: 1024 }],
});

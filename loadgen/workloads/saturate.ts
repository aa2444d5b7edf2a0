import { inOrder } from '../exchanges/by-sender.ts';
import { saturate } from '../saturation.ts';
import { defineWorkload } from '../workload.ts';

export default defineWorkload({
  name: 'saturate',
  summary: 'finds the highest rate that keeps a latency target (--slo p99=5ms): open loops, the rate doubled, then bisected',
  app: 'echo',
  replyTo: () => (request) => request,
  roles: () => [{ pace: 'scheduled', exchange: inOrder }],
  defaults: { rate: 1000 },
  search: saturate,
  placement: 'apart',
  variants: [],
  moreVariants: [{ connections: 64 }],
});

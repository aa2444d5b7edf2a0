import { defineWorkload } from '../workload.ts';
import hash from './hash.ts';

export default defineWorkload({
  ...hash,
  name: 'workers',
  summary: 'as hash, on few and on many workers of the server: how throughput grows with them',
  variants: [],
  moreVariants: [1, 2, 4, 8].map((serverWorkers) => ({ connections: 16, work: 500, serverWorkers })),
});

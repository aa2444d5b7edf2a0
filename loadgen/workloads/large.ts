import { inOrder } from '../exchanges/by-sender.ts';
import { defineWorkload } from '../workload.ts';

export default defineWorkload({
  name: 'large',
  summary: 'as echo, with messages of 64 KiB to 1 MiB (--size): how many bytes a second',
  app: 'echo',
  replyTo: () => (request) => request,
  roles: () => [{ pace: 'closed', exchange: inOrder }],
  defaults: { sizeBytes: 1 << 16 },
  measures: ({ options, messagesPerSecond }) => ({
    payload: { kind: 'bytesPerSecond', meaning: 'payload, each way', value: messagesPerSecond * options.sizeBytes },
  }),
  placement: 'apart',
  variants: [],
  moreVariants: [
    { connections: 16, sizeBytes: 1 << 16 },
    { connections: 4, sizeBytes: 1 << 20 },
  ],
});

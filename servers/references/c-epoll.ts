import { compiled, defineReference } from '../reference.ts';

export default defineReference({
  name: 'c-epoll',
  summary: 'C, one epoll loop: what the kernel costs, and little else',
  prepare: () => compiled('epoll.c'),
});

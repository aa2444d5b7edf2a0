import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { expect } from 'vitest';
import type { Behaviour } from '../behaviour.ts';
import { ownHost } from '../server-process.ts';

/** What a server says when it starts, or can't. */
export const announcement: Behaviour[] = [
  {
    sentence: 'announces itself in one line on stdout and prints nothing else there',
    async check(subject) {
      const host = ownHost();
      const server = await subject.start({ host });
      await (await subject.served(server)).leave();
      server.signal('SIGTERM');
      await server.exited;
      expect(server.stdout.endsWith('\n')).toBe(true);
      expect(
        server.stdout
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line) as unknown),
      ).toEqual([{ ready: true, host, port: expect.any(Number), pid: server.pid, model: subject.combination.model.name }]);
      expect(server.ready.port).toBeGreaterThan(0);
    },
  },
  {
    sentence: 'says EADDRINUSE and exits with 2 when its port is taken',
    async check(subject) {
      const host = ownHost();
      const holder = createServer().listen({ host, port: 0 });
      await once(holder, 'listening');
      try {
        const server = subject.launch({ host, port: (holder.address() as AddressInfo).port });
        expect(await server.exited).toEqual({ code: 2, signal: null });
        expect(server.stderr).toContain('EADDRINUSE');
        expect(server.stdout).toBe('');
      } finally {
        holder.close();
      }
    },
  },
];

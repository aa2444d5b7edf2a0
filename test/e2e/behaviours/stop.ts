import { expect } from 'vitest';
import type { Behaviour } from '../behaviour.ts';
import { cutFrame } from '../bad-frames.ts';
import type { TestClient } from '../client.ts';
import { eventually } from '../eventually.ts';
import { unacknowledgedBytes } from '../kernel-sockets.ts';
import { expectSame } from '../payload.ts';
import { isGone, withoutProc } from '../process-tree.ts';
import type { Exit, ServerProcess } from '../server-process.ts';
import { withoutSignals } from '../signals.ts';
import type { Subject } from '../subject.ts';

const STUBBORN_DRAIN_MS = 50;
/** Fewer than wait in the backlog, and than this process may open. */
const CROWD = 1000;
const FINE: Exit = { code: 0, signal: null };

/** How a server ends. */
export const stop: Behaviour[] = [
  {
    sentence: 'stops when nobody is connected',
    obstacle: withoutSignals,
    async check(subject) {
      const server = await subject.start();
      await endsWith(FINE, subject, server, () => server.signal('SIGTERM'));
    },
  },
  {
    sentence: 'stops under idle clients, one of them in the middle of a message',
    obstacle: withoutSignals,
    shares: {},
    ends: true,
    async check(subject, server) {
      const idle = await subject.served(server);
      const writing = subject.seats > 1 ? await subject.served(server) : idle;
      await writing.write(cutFrame(subject.framing, writing.compose(1)[0]!));
      await endsWith(FINE, subject, server, () => server.signal('SIGTERM'));
    },
  },
  {
    sentence: 'stops under a client that stays connected',
    obstacle: withoutSignals,
    shares: { drainMs: STUBBORN_DRAIN_MS },
    ends: true,
    async check(subject, server) {
      await subject.served(server, 'stay');
      await endsWith(FINE, subject, server, () => server.signal('SIGTERM'));
    },
  },
  {
    sentence: 'stops under clients that have not been served yet',
    obstacle: withoutSignals,
    shares: { drainMs: STUBBORN_DRAIN_MS },
    ends: true,
    async check(subject, server) {
      await subject.served(server);
      const unserved = await Promise.all([subject.connect(server), subject.connect(server)]);
      await Promise.all(unserved.map((client) => client.send(client.compose(1))));
      await endsWith(FINE, subject, server, () => server.signal('SIGTERM'));
    },
  },
  {
    sentence: 'stops under a thousand clients, most of whom wait for a thread or a process of their own in some models',
    appliesTo: ({ app, framing }) => app.name === 'echo' && framing === 'length',
    shares: { drainMs: STUBBORN_DRAIN_MS },
    ends: true,
    async check(subject, server) {
      await subject.served(server, 'stay');
      await Promise.all(Array.from({ length: CROWD }, () => subject.connect(server, 'stay')));
      await endsWith(FINE, subject, server, () => server.signal('SIGTERM'));
    },
  },
  {
    sentence: 'answers the messages that had arrived when it was told to stop',
    obstacle: withoutProc,
    shares: {},
    ends: true,
    async check(subject, server) {
      const clients = [await subject.served(server)];
      if (subject.seats > 1) clients.push(await subject.served(server));
      const messages = clients.map((client) => client.compose(500));
      await endsWith(FINE, subject, server, async () => {
        server.signalGroup('SIGSTOP'); // so that it has read nothing yet
        await Promise.all(clients.map((client, index) => client.send(messages[index]!)));
        await Promise.all(clients.map((client) => arrival(client, server)));
        server.signal('SIGTERM');
        server.signalGroup('SIGCONT');
      });
      for (const [index, client] of clients.entries()) {
        expectSame(await client.receiveRest(), messages[index]!.map(subject.replyTo));
      }
    },
  },
  {
    sentence: 'answers everything that a client has sent when it is told to stop, however busy it is',
    obstacle: withoutProc,
    shares: {},
    ends: true,
    async check(subject, server) {
      const client = await subject.served(server);
      const messages = client.compose(3000);
      await endsWith(FINE, subject, server, async () => {
        await client.send(messages);
        await arrival(client, server);
        server.signal('SIGTERM');
      });
      expectSame(await client.receiveRest(), messages.map(subject.replyTo));
    },
  },
  {
    sentence: 'exits with 130 on Ctrl-C, which reaches each of its processes',
    obstacle: withoutSignals,
    shares: {},
    ends: true,
    async check(subject, server) {
      await subject.served(server);
      await endsWith({ code: 130, signal: null }, subject, server, () => server.signalGroup('SIGINT'));
    },
  },
];

async function endsWith(exit: Exit, subject: Subject, server: ServerProcess, act: () => void | Promise<void>): Promise<void> {
  const tree = server.tree();
  await act();
  expect(await server.exited).toEqual(exit);
  await eventually('every process of the server is gone', () => tree.every(isGone));
  await expect(subject.connect(server)).rejects.toThrow('ECONNREFUSED');
}

/** Waits until the receiver's kernel has everything that the client sent. */
async function arrival(client: TestClient, server: ServerProcess): Promise<void> {
  await eventually('what was sent arrives', () => unacknowledgedBytes(client.localPort, server.ready.port) === 0);
}

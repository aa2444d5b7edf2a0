import { expect } from 'vitest';
import { encode } from '../../../framing/framing.ts';
import { serviceDefaults } from '../../../servers/service.ts';
import type { Behaviour } from '../behaviour.ts';
import { cutFrame, overLimit } from '../bad-frames.ts';
import type { TestClient } from '../client.ts';
import { expectSame } from '../payload.ts';
import type { ServerProcess } from '../server-process.ts';
import { withoutSignals } from '../signals.ts';
import type { Subject } from '../subject.ts';

/** What apps that are told to fail on it do fail on. */
const POISON = '!';
const LIMIT_BYTES = serviceDefaults.limits.messageBytes;

/** What a client's conduct does to the others, and to itself. */
export const neighbours: Behaviour[] = [
  {
    sentence: 'serves others while a client is idle, or else as soon as that one has left',
    shares: {},
    async check(subject, server) {
      const idle = await subject.served(server);
      const other = await subject.connect(server);
      if (subject.seats === 1) await idle.leave();
      await subject.exchange(other, other.compose(3));
    },
  },
  {
    sentence: 'serves clients who had to wait, when others leave',
    appliesTo: ({ model }) => model.capabilities.connections !== 'many',
    shares: {},
    async check(subject, server) {
      const seated: TestClient[] = [];
      while (seated.length < subject.seats) seated.push(await subject.served(server));
      const waiting = await Promise.all([subject.connect(server), subject.connect(server)]);
      const exchanges = waiting.map((client) => subject.exchange(client).then(() => client.leave()));
      await Promise.all(seated.map((client) => client.leave()));
      await Promise.all(exchanges);
    },
  },
  {
    sentence: 'serves others after a client has reset its connection, replies unread',
    shares: {},
    async check(subject, server) {
      const { culprit, witness } = await withWitness(subject, server);
      await culprit.send(culprit.compose(500));
      culprit.reset();
      await subject.exchange(witness, witness.compose(3));
    },
  },
  {
    sentence: 'closes the connection of a client that sends more than the limit, and no other',
    appliesTo: ({ framing }) => framing in overLimit,
    shares: {},
    async check(subject, server) {
      const { culprit, witness } = await withWitness(subject, server);
      await culprit.write(overLimit[subject.framing.name]!(LIMIT_BYTES));
      await culprit.dropped();
      await subject.exchange(witness, witness.compose(3));
    },
  },
  {
    sentence: 'answers the messages before one over the limit',
    appliesTo: ({ framing }) => framing in overLimit,
    shares: {},
    async check(subject, server) {
      const culprit = await subject.served(server);
      const valid = culprit.compose(100);
      const frames = valid.map((message) => encode(subject.framing, message));
      await culprit.write(Buffer.concat([...frames, overLimit[subject.framing.name]!(LIMIT_BYTES)]));
      expectSame(await culprit.receive(valid.length), valid.map(subject.replyTo));
      await culprit.dropped();
    },
  },
  {
    sentence: 'closes the connection of a client that stops inside a message, and no other',
    shares: {},
    async check(subject, server) {
      const { culprit, witness } = await withWitness(subject, server);
      const valid = culprit.compose(100);
      await culprit.send(valid);
      await culprit.write(cutFrame(subject.framing, culprit.compose(1)[0]!));
      culprit.halfClose();
      expectSame(await culprit.receiveRest(), valid.map(subject.replyTo));
      await subject.exchange(witness, witness.compose(3));
    },
  },
  {
    sentence: 'closes the connection of a client on one of whose messages the app throws, no other, and counts it',
    appliesTo: ({ framing }) => framing === 'length',
    obstacle: withoutSignals,
    async check(subject) {
      const server = await subject.start({ failsOn: POISON });
      const { culprit, witness } = await withWitness(subject, server);
      await culprit.send([Buffer.from(POISON)]);
      await culprit.dropped();
      await subject.exchange(witness, witness.compose(3));
      await witness.leave();
      server.signal('SIGTERM');
      expect(await server.exited).toEqual({ code: 0, signal: null });
      expect(server.closed).toMatchObject({ app: 1, framing: 0 });
    },
  },
];

/** A client that is served, and one beside it that is too, or waits where there is no second seat. */
async function withWitness(subject: Subject, server: ServerProcess): Promise<{ culprit: TestClient; witness: TestClient }> {
  const culprit = await subject.served(server);
  const witness = await (subject.seats > 1 ? subject.served(server) : subject.connect(server));
  return { culprit, witness };
}

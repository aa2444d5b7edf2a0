import { expect } from 'vitest';
import type { Behaviour } from '../behaviour.ts';
import type { TestClient } from '../client.ts';
import { eventually } from '../eventually.ts';
import { speaksToRoom } from '../expected-replies.ts';
import { isEstablished } from '../kernel-sockets.ts';
import { expectSame, senderOf, sequenceOf } from '../payload.ts';
import { withoutProc } from '../process-tree.ts';
import type { ServerProcess } from '../server-process.ts';
import type { Subject } from '../subject.ts';

const MEMBERS = 4;
const ROUNDS = 20;
const MESSAGES_A_ROUND = 10;
const LONG_BYTES = 1 << 16;
const LONG_MESSAGES = 32;
/** More than the replies to one client that a model may have in hand. */
const PENDING_BYTES = 4 << 20;

/** What the members of a room get; as many members as are served at once, so perhaps a room of one. */
export const chat: Behaviour[] = [
  {
    sentence: 'delivers what several members say at the same time to every member, once and in the order of its sender',
    appliesTo: ({ app }) => speaksToRoom(app),
    shares: {},
    async check(subject, server) {
      const members = await room(subject, server);
      const said = await Promise.all(members.map(talk));
      const spoken = new Map(members.map((member, index) => [member.id, said[index]!.map(subject.replyTo)]));
      for (const member of members) {
        const own = await member.receive(ROUNDS * MESSAGES_A_ROUND);
        const heard = await overhearConversation(member, spoken);
        for (const [sender, messages] of spoken) {
          expectSame(sender === member.id ? own : heard.filter((message) => senderOf(message) === sender), messages);
        }
      }
      await Promise.all(members.map((member) => member.leave()));
      expect(members.flatMap((member) => member.unread())).toEqual([]);
    },
  },
  {
    sentence: 'keeps the room going when members leave and others come',
    appliesTo: ({ app }) => speaksToRoom(app),
    shares: {},
    async check(subject, server) {
      const [stays, leaves, resets] = await room(subject, server);
      await leaves?.leave();
      resets?.reset();
      if (subject.seats === 1) await stays!.leave();
      const comes = await subject.served(server);
      const message = comes.compose(1);
      await comes.send(message);
      expectSame(await comes.receive(1), message.map(subject.replyTo));
      if (subject.seats > 1) {
        const heard = await overhearFrom(stays!, comes.id, sequenceOf(message[0]!));
        expectSame([heard], message.map(subject.replyTo));
      }
    },
  },
  {
    sentence: 'drops a member who never reads, tells the others everything, and says at its stop whom it dropped',
    appliesTo: ({ app, model }) => speaksToRoom(app) && model.capabilities.connections !== 'one',
    obstacle: withoutProc,
    async check(subject) {
      const server = await subject.start({ sizeBytes: LONG_BYTES, pendingBytes: PENDING_BYTES });
      const [talks, silent] = [await subject.served(server), await subject.served(server)];
      silent.pause();
      await eventually('the silent member is dropped', async () => {
        await subject.exchange(talks, talks.compose(LONG_MESSAGES));
        return !isEstablished(server.ready.port, silent.localPort);
      });
      silent.resume();
      await silent.dropped();
      await talks.leave();
      server.signal('SIGTERM');
      await server.exited;
      expect(server.closed).toMatchObject({ framing: 0, unread: 1, refused: 0, app: 0 });
    },
  },
];

/** Members who have all had an answer, so they are in the room; what they said on coming in may have reached some others. */
async function room(subject: Subject, server: ServerProcess): Promise<TestClient[]> {
  const members: TestClient[] = [];
  while (members.length < Math.min(subject.seats, MEMBERS)) members.push(await subject.served(server));
  return members;
}

/** Says something in many small writes, so that what the members say gets mixed. */
async function talk(member: TestClient): Promise<Buffer[]> {
  const said: Buffer[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const messages = member.compose(MESSAGES_A_ROUND);
    await member.send(messages);
    said.push(...messages);
  }
  return said;
}

/** As many messages of others as were spoken, greetings from before left out. */
async function overhearConversation(member: TestClient, spoken: ReadonlyMap<number, readonly Buffer[]>): Promise<Buffer[]> {
  const first = new Map(Array.from(spoken, ([sender, messages]) => [sender, sequenceOf(messages[0]!)]));
  const heard: Buffer[] = [];
  while (heard.length < (spoken.size - 1) * ROUNDS * MESSAGES_A_ROUND) {
    const [message] = await member.overhear(1);
    if (!message) throw new Error(`expected the whole conversation, got ${heard.length} messages before the connection closed`);
    if (sequenceOf(message) >= first.get(senderOf(message)!)!) heard.push(message);
  }
  return heard;
}

async function overhearFrom(member: TestClient, sender: number, sequence: number): Promise<Buffer> {
  for (;;) {
    const [message] = await member.overhear(1);
    if (!message) throw new Error('expected to hear the newcomer, got the end of the connection');
    if (senderOf(message) === sender && sequenceOf(message) === sequence) return message;
  }
}

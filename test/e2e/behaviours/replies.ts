import { encode } from '../../../framing/framing.ts';
import type { Behaviour } from '../behaviour.ts';
import { expectSame } from '../payload.ts';

const MEBIBYTE = 1 << 20;
/** Fewer bytes may wait for a client than it is sent. */
const LONG = { sizeBytes: MEBIBYTE, pendingBytes: 3 * MEBIBYTE };

/** What one client gets back. */
export const replies: Behaviour[] = [
  {
    sentence: 'answers messages of every size, exactly and in order',
    shares: {},
    async check(subject, server) {
      const client = await subject.connect(server);
      const sizes = subject.combination.framing === 'fixed' ? [64, 64, 64] : [0, 1, 10, 11, 12, 64, 1000, 65_535, 65_536, 100_000];
      for (const size of sizes) await subject.exchange(client, client.compose(1, size));
      await subject.exchange(
        client,
        sizes.flatMap((size) => client.compose(1, size)),
      );
    },
  },
  {
    sentence: 'understands messages that arrive byte by byte',
    shares: {},
    async check(subject, server) {
      const client = await subject.connect(server);
      const messages = client.compose(3);
      for (const message of messages) {
        for (const byte of encode(subject.framing, message)) await client.write(Buffer.of(byte));
      }
      expectSame(await client.receive(messages.length), messages.map(subject.replyTo));
    },
  },
  {
    sentence: 'answers many messages that arrive in one segment',
    shares: {},
    async check(subject, server) {
      const client = await subject.connect(server);
      await subject.exchange(client, client.compose(500));
    },
  },
  {
    sentence: 'answers more messages than it can have in hand at once',
    shares: {},
    async check(subject, server) {
      const client = await subject.connect(server);
      const messages = client.compose(3000);
      const replied = client.receive(messages.length);
      await Promise.all([client.send(messages), replied]);
      expectSame(await replied, messages.map(subject.replyTo));
    },
  },
  {
    sentence: 'answers a message of one mebibyte',
    shares: LONG,
    async check(subject, server) {
      const client = await subject.connect(server);
      const [message] = client.compose(1, MEBIBYTE);
      const replied = client.receive(1);
      await Promise.all([client.send([message!]), replied]);
      expectSame(await replied, [subject.replyTo(message!)]);
    },
  },
  {
    sentence: 'answers a client that sends long messages faster than it reads, and does not drop it',
    shares: LONG,
    async check(subject, server) {
      const client = await subject.connect(server);
      const messages = client.compose(12, MEBIBYTE);
      const replied = client.receive(messages.length);
      await Promise.all([client.send(messages), replied]);
      expectSame(await replied, messages.map(subject.replyTo));
    },
  },
  {
    sentence: 'answers everything that a client sent before it half-closed, then ends the connection',
    shares: {},
    async check(subject, server) {
      const client = await subject.connect(server);
      const messages = client.compose(500);
      await client.send(messages);
      client.halfClose();
      expectSame(await client.receiveRest(), messages.map(subject.replyTo));
    },
  },
];

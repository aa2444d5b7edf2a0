import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { byName, encode, type Framing } from '../../../framing/framing.ts';
import { chunkSizesBytes, cut, cutIntoBytes } from './cutting.ts';
import { decode } from './decoding.ts';
import { seed } from './seed.ts';

interface Conversation {
  framing: Framing;
  messages: Buffer[];
}

function bytes(constraints: fc.IntArrayConstraints = {}): fc.Arbitrary<Buffer> {
  return fc.uint8Array({ maxLength: 300, size: 'max', ...constraints }).map((content) => Buffer.from(content));
}

function listOf(message: fc.Arbitrary<Buffer>): fc.Arbitrary<Buffer[]> {
  return fc.array(message, { maxLength: 30, size: 'max' });
}

const conversations: Record<string, fc.Arbitrary<Conversation>> = {
  fixed: fc.integer({ min: 1, max: 70 }).chain((sizeBytes) =>
    fc.record({
      framing: fc.constant(byName('fixed', { sizeBytes })),
      messages: listOf(bytes({ minLength: sizeBytes, maxLength: sizeBytes })),
    }),
  ),
  length: fc.record({ framing: fc.constant(byName('length')), messages: listOf(bytes()) }),
  line: fc.record({
    framing: fc.constant(byName('line')),
    messages: listOf(bytes().map((content) => Buffer.from(content.filter((byte) => byte !== 0x0a)))),
  }),
};

function streamOf({ framing, messages }: Conversation): Buffer {
  return Buffer.concat(messages.map((message) => encode(framing, message)));
}

function hex(messages: readonly Buffer[]): string[] {
  return messages.map((message) => message.toString('hex'));
}

describe.each(Object.entries(conversations))('%s framing', (_name, conversation) => {
  test('decodes what was encoded, wherever the stream is cut', () => {
    fc.assert(
      fc.property(conversation, chunkSizesBytes, (spoken, sizesBytes) => {
        const heard = decode(spoken.framing, cut(streamOf(spoken), sizesBytes));
        expect(heard).toEqual({ messages: hex(spoken.messages) });
      }),
      { seed, numRuns: 500 },
    );
  });

  test('decodes what was encoded when it arrives byte by byte', () => {
    fc.assert(
      fc.property(conversation, (spoken) => {
        const heard = decode(spoken.framing, cutIntoBytes(streamOf(spoken)));
        expect(heard).toEqual({ messages: hex(spoken.messages) });
      }),
      { seed, numRuns: 100 },
    );
  });

  test('decodes what was encoded when empty chunks stand between all bytes', () => {
    fc.assert(
      fc.property(conversation, (spoken) => {
        const chunks = cutIntoBytes(streamOf(spoken)).flatMap((chunk) => [Buffer.alloc(0), chunk, Buffer.alloc(0)]);
        expect(decode(spoken.framing, chunks)).toEqual({ messages: hex(spoken.messages) });
      }),
      { seed, numRuns: 50 },
    );
  });

  test('adds its overhead to each message and nothing else', () => {
    fc.assert(
      fc.property(conversation, (spoken) => {
        const payloadBytes = spoken.messages.reduce((sum, message) => sum + message.length, 0);
        expect(streamOf(spoken)).toHaveLength(payloadBytes + spoken.messages.length * spoken.framing.overheadBytes);
      }),
      { seed },
    );
  });
});

test.each(['length', 'line'])('%s framing carries empty messages', (name) => {
  const framing = byName(name);
  const messages = ['', 'a', '', ''].map((text) => Buffer.from(text));
  const stream = streamOf({ framing, messages });
  expect(decode(framing, [stream])).toEqual({ messages: hex(messages) });
  expect(decode(framing, cutIntoBytes(stream))).toEqual({ messages: hex(messages) });
});

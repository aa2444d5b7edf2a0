import { describe, expect, test } from 'vitest';
import { byName, encode, type Framing } from '../../../framing/framing.ts';

const framings: [string, Framing, headerBytes: number][] = [
  ['fixed', byName('fixed', { sizeBytes: 5 }), 0],
  ['length', byName('length'), 4],
  ['line', byName('line'), 0],
];

describe.each(framings)('%s framing', (_name, framing, headerBytes) => {
  const frame = encode(framing, Buffer.from('hello'));

  function collect(chunks: readonly Buffer[]): Buffer[] {
    const messages: Buffer[] = [];
    const decoder = framing.decoder((payload) => messages.push(payload));
    for (const chunk of chunks) decoder.push(chunk);
    return messages;
  }

  test('messages that lie whole in a chunk are views of it', () => {
    // A chunk that begins inside its memory, as pooled buffers do.
    const memory = Buffer.concat([Buffer.alloc(11), frame, frame, frame]);
    const messages = collect([memory.subarray(11)]);
    expect(messages.map((message) => message.buffer === memory.buffer)).toEqual([true, true, true]);
    expect(messages.map((message) => message.byteOffset - memory.byteOffset)).toEqual(
      [0, 1, 2].map((index) => 11 + index * frame.length + headerBytes),
    );
  });

  test('a message that follows the end of an earlier one is a view again', () => {
    // Outside the pool, where the memory of cut messages comes from.
    const rest = Buffer.allocUnsafeSlow(2 * frame.length - 2);
    frame.copy(rest, frame.copy(rest, 0, 2));
    const [cut, whole] = collect([frame.subarray(0, 2), rest]);
    expect(cut?.buffer).not.toBe(rest.buffer);
    expect(whole?.buffer).toBe(rest.buffer);
    expect(whole?.byteOffset).toBe(rest.byteOffset + frame.length - 2 + headerBytes);
  });

  test('a message from two chunks has memory of its own, which later messages leave alone', () => {
    const stream = Buffer.concat([frame, encode(framing, Buffer.from('world'))]);
    const chunks = Array.from({ length: stream.length / 3 + 1 }, (_, index) =>
      Buffer.from(stream.subarray(index * 3, index * 3 + 3)),
    );
    const messages = collect(chunks);
    for (const chunk of chunks) chunk.fill(0xee);
    expect(messages.map(String)).toEqual(['hello', 'world']);
  });
});

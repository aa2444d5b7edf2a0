import { afterEach, describe, expect, test, vi } from 'vitest';
import { byName, encode, type Framing } from '../../../framing/framing.ts';
import { PartialFrame } from '../../../framing/partial-frame.ts';
import { cutIntoBytes } from './cutting.ts';

const payloadBytes = 20_000;
const framings: [string, Framing][] = [
  ['fixed', byName('fixed', { sizeBytes: payloadBytes })],
  ['length', byName('length')],
  ['line', byName('line')],
];

afterEach(() => vi.restoreAllMocks());

describe.each(framings)('%s framing', (_name, framing) => {
  test('a message that arrives byte by byte is copied a bounded number of times, whatever its size', () => {
    const chunks = cutIntoBytes(encode(framing, Buffer.alloc(payloadBytes, 'x')));
    const received: number[] = [];
    const decoder = framing.decoder((payload) => received.push(payload.length));
    const copy = vi.spyOn(Buffer.prototype, 'copy');
    for (const chunk of chunks) decoder.push(chunk);
    const copiedBytes = copy.mock.results.reduce((sum, result) => sum + Number(result.value), 0);
    expect(received).toEqual([payloadBytes]);
    // Once into the collected bytes, and less than twice more because those double whenever they are full.
    expect(copiedBytes).toBeGreaterThanOrEqual(payloadBytes);
    expect(copiedBytes).toBeLessThan(3 * payloadBytes + 100);
  });
});

test('a header that promises a lot takes no memory for it', () => {
  const frame = encode(byName('length'), Buffer.alloc(1 << 20));
  const allocate = vi.spyOn(Buffer, 'allocUnsafe');
  byName('length')
    .decoder(() => undefined)
    .push(frame.subarray(0, 10));
  expect(allocate.mock.calls).toEqual([[6]]);
});

test('what was taken is not altered by what is collected next', () => {
  const partial = new PartialFrame();
  partial.append(Buffer.from('--first--'), 2, 7);
  const first = partial.take();
  expect(partial).toHaveLength(0);
  partial.append(Buffer.from('second'), 0, 6);
  expect(String(first)).toBe('first');
  expect(String(partial.take())).toBe('second');
});

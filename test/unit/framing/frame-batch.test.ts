import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FrameBatch } from '../../../framing/frame-batch.ts';
import { byName, encode, type Framing } from '../../../framing/framing.ts';
import { seed } from './seed.ts';

const framings: [string, Framing][] = [
  ['fixed', byName('fixed', { sizeBytes: 600 })],
  ['length', byName('length')],
  ['line', byName('line')],
];

describe.each(framings)('a batch in %s framing', (name, framing) => {
  const payload = fc.nat({ max: 600 }).map((sizeBytes) => Buffer.alloc(name === 'fixed' ? 600 : sizeBytes, `${sizeBytes},`));

  test('is the single frames one after the other, before and after its memory has grown', () => {
    fc.assert(
      fc.property(fc.array(payload, { maxLength: 300, size: 'max' }), (payloads) => {
        const batch = new FrameBatch(framing);
        for (const one of payloads) batch.add(one);
        const frames = Buffer.concat(payloads.map((one) => encode(framing, one)));
        expect(batch).toHaveLength(frames.length);
        expect(batch.peek().equals(frames)).toBe(true);
        expect(batch.take().equals(frames)).toBe(true);
      }),
      { seed },
    );
  });
});

describe('a batch', () => {
  const framing = byName('line', { limitBytes: 200_000 });

  function batchOf(...texts: string[]): FrameBatch {
    const batch = new FrameBatch(framing);
    for (const text of texts) batch.add(Buffer.from(text));
    return batch;
  }

  test('grows for one frame larger than all its memory', () => {
    const large = 'x'.repeat(150_000);
    expect(batchOf('a', large, 'b').peek().toString()).toBe(`a\n${large}\nb\n`);
  });

  test('copies the payload, so a view of a receive buffer may be added', () => {
    const received = Buffer.from('hello');
    const batch = batchOf();
    batch.add(received);
    received.fill('x');
    expect(batch.peek().toString()).toBe('hello\n');
  });

  test('gives its memory away with take, so later frames leave what was taken alone', () => {
    const batch = batchOf('first');
    const taken = batch.take();
    batch.add(Buffer.from('other'));
    expect(taken.toString()).toBe('first\n');
    expect(batch.take().toString()).toBe('other\n');
  });

  test('is empty after take and after clear', () => {
    const taken = batchOf('a');
    taken.take();
    const cleared = batchOf('a');
    cleared.clear();
    for (const batch of [taken, cleared]) {
      expect(batch).toHaveLength(0);
      expect(batch.peek()).toHaveLength(0);
    }
  });

  test('keeps its memory with clear, so the next frames overwrite the last ones', () => {
    const batch = batchOf('first');
    const peeked = batch.peek();
    batch.clear();
    expect(peeked.toString()).toBe('first\n');
    batch.add(Buffer.from('other'));
    expect(batch.peek().buffer).toBe(peeked.buffer);
    expect(peeked.toString()).toBe('other\n');
  });

  test('lets memory above 64 KiB go with clear', () => {
    const batch = batchOf('x'.repeat(100_000));
    const large = batch.peek().buffer;
    batch.clear();
    batch.add(Buffer.from('a'));
    expect(batch.peek().buffer).not.toBe(large);
    expect(batch.peek().buffer.byteLength).toBeLessThan(100_000);
  });

  test('is left as it was by a payload that the framing refuses', () => {
    const batch = batchOf('first');
    expect(() => batch.add(Buffer.from('a\nb'))).toThrow('expected a payload without newline');
    expect(() => batch.add(Buffer.alloc(200_001))).toThrow('expected at most 200000 bytes');
    batch.add(Buffer.from('second'));
    expect(batch.peek().toString()).toBe('first\nsecond\n');
  });
});

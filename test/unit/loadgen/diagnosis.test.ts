import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chunkSizesBytes, cut } from '../framing/cutting.ts';
import { seed } from '../framing/seed.ts';
import { latencies } from './exchange-context.ts';
import { HandClock } from './hand-clock.ts';
import { Talk } from './talk.ts';

const framings = ['fixed', 'length', 'line'] as const;
const framing = fc.constantFrom(...framings);
const MOST = 12;

/** The frame with another last byte of its payload. */
function corrupted(frame: Buffer, { context }: Talk): Buffer {
  const copy = Buffer.from(frame);
  copy[context.framing.headerBytes + context.payloads.sizeBytes - 1]! ^= 1;
  return copy;
}

/** The frame with another byte in its payload. */
function withByte(frame: Buffer, { context }: Talk, at: number, byte: number): Buffer {
  const copy = Buffer.from(frame);
  copy[context.framing.headerBytes + at] = byte;
  return copy;
}

describe('the diagnosis of wrong replies', () => {
  test('counts each lost, repeated and damaged reply under its name, wherever the stream is cut', () => {
    const fates = fc.array(fc.constantFrom('kept', 'dropped', 'twice', 'damaged'), { minLength: 1, maxLength: MOST });
    fc.assert(
      fc.property(framing, fates, chunkSizesBytes, (name, all, sizesBytes) => {
        const talk = Talk.inOrder({ framing: name, depth: all.length });
        const replies = talk.send(all.length).flatMap((frame, index) => {
          if (all[index] === 'dropped') return [];
          if (all[index] === 'twice') return [frame, frame];
          return [all[index] === 'damaged' ? corrupted(frame, talk) : frame];
        });
        const answered = cut(Buffer.concat(replies), sizesBytes).map((chunk) => talk.hear([chunk]));
        talk.finish();
        const count = (fate: string): number => all.filter((each) => each === fate).length;
        const last = all.findLastIndex((fate) => fate !== 'dropped');
        const overtaken = all.slice(0, last + 1).filter((fate) => fate === 'dropped').length;
        const { missing, duplicated, reordered, corrupt, foreign } = talk.tally.errors;
        expect({ missing, duplicated, corrupt }).toEqual({
          missing: overtaken,
          duplicated: count('twice'),
          corrupt: count('damaged'),
        });
        expect({ reordered, foreign }).toEqual({ reordered: 0, foreign: 0 });
        expect(talk.tally).toMatchObject({ messages: count('kept') + count('twice'), unanswered: count('dropped') });
        expect(answered.reduce((sum, each) => sum + each, 0)).toBe(all.length - count('dropped'));
        expect(latencies(talk.context.recorder)).toMatchObject({ count: all.length, lowerBounds: count('dropped') });
      }),
      { seed, numRuns: 300 },
    );
  });

  test('counts each reply that a later one has overtaken as reordered, and every other as right', () => {
    const order = fc.integer({ min: 1, max: MOST }).chain((count) => {
      const sequences = Array.from({ length: count }, (_, sequence) => sequence);
      return fc.shuffledSubarray(sequences, { minLength: count });
    });
    fc.assert(
      fc.property(framing, order, chunkSizesBytes, (name, sequences, sizesBytes) => {
        const talk = Talk.inOrder({ framing: name, depth: sequences.length });
        const frames = talk.send(sequences.length);
        for (const chunk of cut(Buffer.concat(sequences.map((sequence) => frames[sequence]!)), sizesBytes)) talk.hear([chunk]);
        const overtaken = sequences.filter((sequence, index) =>
          sequences.slice(0, index).some((earlier) => earlier > sequence),
        ).length;
        expect(talk.errors).toEqual(overtaken === 0 ? {} : { reordered: overtaken });
        expect(talk.tally.messages).toBe(sequences.length - overtaken);
        expect(talk.exchange.settled()).toBe(true);
      }),
      { seed, numRuns: 300 },
    );
  });

  describe.each(framings)('with %s framing', (name) => {
    const setting = { framing: name };

    test('finds a reply to another connection foreign', () => {
      const [talk, other] = [Talk.inOrder(setting, 0), Talk.inOrder(setting, 1)];
      talk.send(1);
      expect(talk.hear(other.send(1))).toBe(0);
      expect(talk.errors).toEqual({ foreign: 1 });
    });

    test('finds a late reply to the connection before foreign: each connection has a number of its own', () => {
      const talk = Talk.inOrder(setting, 0);
      const late = talk.send(1);
      talk.finish();
      talk.begin(1);
      const [frame] = talk.send(1);
      talk.hear([...late, frame!]);
      expect(talk.errors).toEqual({ foreign: 1 });
      expect(talk.tally.messages).toBe(1);
    });

    test('finds a reply corrupt whose number is none', () => {
      const talk = Talk.inOrder(setting);
      const frames = talk.send(2);
      talk.hear([withByte(frames[0]!, talk, 0, 0x20), withByte(frames[1]!, talk, 8, 0x7e)]);
      talk.finish();
      expect(talk.errors).toEqual({ corrupt: 2 });
      expect(talk.tally.unanswered).toBe(2);
    });

    test('finds a reply again that was answered long ago duplicated', () => {
      const talk = Talk.inOrder({ ...setting, depth: 2 });
      const [first] = talk.send(1);
      talk.hear([first!]);
      for (let turn = 0; turn < 10; turn += 1) talk.hear(talk.send(2));
      expect(talk.hear([first!])).toBe(0);
      expect(talk.errors).toEqual({ duplicated: 1 });
      expect(talk.hear(talk.send(2))).toBe(2);
    });

    test('finds a reply to a request that was not sent duplicated, even if nothing was ever sent', () => {
      const [talk, ahead] = [Talk.inOrder(setting), Talk.inOrder(setting)];
      talk.hear(ahead.send(1));
      expect(talk.errors).toEqual({ duplicated: 1 });
    });

    test('does not count a reply as missing that none of its successors has overtaken', () => {
      const talk = Talk.inOrder(setting);
      const frames = talk.send(4);
      talk.hear([frames[1]!, frames[2]!]);
      talk.finish();
      expect(talk.errors).toEqual({ missing: 1 });
      expect(talk.tally.unanswered).toBe(2);
    });

    test('records the latency of replies that come late, and the age of those that never come', () => {
      const clock = new HandClock();
      const talk = Talk.inOrder(setting);
      const frames = talk.send(3);
      clock.nowMs += 1;
      talk.hear([frames[2]!]);
      clock.nowMs += 1;
      talk.hear([frames[0]!]);
      clock.nowMs += 1;
      talk.finish();
      expect(latencies(talk.context.recorder)).toMatchObject({ count: 3, lowerBounds: 1, meanNs: 2e6, maxNs: 3e6 });
    });

    test('goes on after what was wrong', () => {
      const talk = Talk.inOrder({ ...setting, depth: 2 });
      talk.hear([corrupted(talk.send(1)[0]!, talk)]);
      for (let turn = 0; turn < 20; turn += 1) expect(talk.hear(talk.send(2))).toBe(2);
      expect(talk.errors).toEqual({ corrupt: 1 });
      expect(talk.tally.messages).toBe(40);
    });
  });

  test('finds a line corrupt that lacks its newline, and the request that it swallowed unanswered', () => {
    const talk = Talk.inOrder();
    const [first, second, third] = talk.send(3);
    talk.hear([first!.subarray(0, -1), second!, third!]);
    talk.finish();
    expect(talk.errors).toEqual({ corrupt: 1, missing: 1 });
    expect(talk.tally).toMatchObject({ messages: 1, unanswered: 1 });
  });

  test('throws at a length that can not be, having counted the replies before it', () => {
    const talk = Talk.inOrder({ framing: 'length' });
    const [first, second] = talk.send(2);
    second!.writeUInt32BE(0xffffffff);
    expect(() => talk.hear([first!, second!])).toThrow(expect.objectContaining({ code: 'E_FRAME_TOO_LARGE' }));
    talk.finish();
    expect(talk.tally).toMatchObject({ messages: 1, unanswered: 1 });
  });

  test('finds a wrong length that can be corrupt', () => {
    const talk = Talk.inOrder({ framing: 'length' });
    const [frame] = talk.send(1);
    frame!.writeUInt32BE(31);
    talk.hear([frame!]);
    expect(talk.errors).toEqual({ corrupt: 1 });
  });
});

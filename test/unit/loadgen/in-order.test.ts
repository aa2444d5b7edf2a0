import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TAG_BYTES } from '../../../protocol/message.ts';
import { chunkSizesBytes, cut } from '../framing/cutting.ts';
import { seed } from '../framing/seed.ts';
import { latencies } from './exchange-context.ts';
import { HandClock } from './hand-clock.ts';
import { Talk } from './talk.ts';

const framing = fc.constantFrom('fixed', 'length', 'line');
const mirror = (request: Buffer): Buffer => request;
/** What a service answers that works on the message: the tag, then something else. */
const work = (request: Buffer): Buffer =>
  Buffer.concat([request.subarray(0, TAG_BYTES), Buffer.alloc(request.length, '=')]).subarray(0, request.length);

describe('an in-order exchange', () => {
  test('finds every right reply right, wherever the stream is cut and however requests and replies alternate', () => {
    const setting = fc.record({
      framing,
      sizeBytes: fc.integer({ min: 1, max: 40 }),
      depth: fc.integer({ min: 1, max: 9 }),
      replyTo: fc.constantFrom(mirror, work),
    });
    const turns = fc.array(fc.record({ requests: fc.nat({ max: 9 }), bytes: fc.nat({ max: 120 }) }), {
      maxLength: 40,
      size: 'max',
    });
    fc.assert(
      fc.property(setting, turns, fc.nat({ max: 2 ** 30 }), (chosen, all, connection) => {
        const talk = Talk.inOrder(chosen, connection);
        const { requests } = talk.exchange;
        const { headerBytes, overheadBytes } = talk.context.framing;
        let onTheWay = Buffer.alloc(0);
        let [sent, answered] = [0, 0];
        for (const turn of [...all, { requests: 0, bytes: Infinity }]) {
          const frames = talk.send(Math.min(turn.requests, requests.depth - requests.inFlight));
          sent += frames.length;
          for (const frame of frames) {
            const payload = frame.subarray(headerBytes, frame.length - overheadBytes + headerBytes);
            onTheWay = Buffer.concat([
              onTheWay,
              frame.subarray(0, headerBytes),
              chosen.replyTo(payload),
              frame.subarray(headerBytes + payload.length),
            ]);
          }
          answered += talk.hear([onTheWay.subarray(0, turn.bytes)]);
          onTheWay = onTheWay.subarray(turn.bytes);
        }
        expect(answered).toBe(sent);
        expect(talk.tally.messages).toBe(sent);
        expect(talk.context.recorder.count).toBe(sent);
        expect(talk.errors).toEqual({});
        expect(talk.exchange.settled()).toBe(true);
      }),
      { seed, numRuns: 300 },
    );
  });

  test('sends requests that all differ, and that differ on every connection', () => {
    const talk = Talk.inOrder({ depth: 3 }, 0);
    const seen = new Set<string>();
    for (let connection = 0; connection < 5; connection += 1) {
      talk.begin(connection);
      for (let turn = 0; turn < 10; turn += 1) {
        const frames = talk.send(3);
        for (const frame of frames) seen.add(frame.toString());
        talk.hear(frames);
      }
    }
    expect(seen.size).toBe(5 * 30);
  });

  test('measures from the moment of sending to the moment of the last byte', () => {
    const clock = new HandClock();
    const talk = Talk.inOrder({ depth: 2 });
    const [first] = talk.send(1);
    clock.nowMs += 4;
    const [second] = talk.send(1);
    clock.nowMs += 1;
    talk.hear([first!, second!.subarray(0, 5)]);
    clock.nowMs += 5;
    talk.hear([second!.subarray(5)]);
    expect(latencies(talk.context.recorder)).toMatchObject({ count: 2, maxNs: 6e6, meanNs: 5.5e6 });
  });

  test('is settled when nothing is in flight', () => {
    const talk = Talk.inOrder();
    expect(talk.exchange.settled()).toBe(true);
    const frames = talk.send(2);
    talk.hear([frames[0]!, frames[1]!.subarray(0, -1)]);
    expect(talk.exchange.settled()).toBe(false);
    talk.hear([frames[1]!.subarray(-1)]);
    expect(talk.exchange.settled()).toBe(true);
  });

  test('records what is unanswered at the end with its age as a lower bound', () => {
    const clock = new HandClock();
    const talk = Talk.inOrder({ depth: 3 });
    const frames = talk.send(2);
    clock.nowMs += 10;
    talk.hear([frames[0]!]);
    talk.send(1);
    clock.nowMs += 20;
    talk.finish();
    const { recorder } = talk.context;
    expect(talk.tally).toMatchObject({ messages: 1, unanswered: 2 });
    expect(talk.errors).toEqual({});
    expect(latencies(recorder)).toMatchObject({ count: 3, lowerBounds: 2, maxNs: 30e6, meanNs: 20e6 });
    expect(recorder.isLowerBound(20e6)).toBe(true);
    expect(recorder.isLowerBound(19.9e6)).toBe(false);
    expect(talk.exchange.settled()).toBe(true);
  });

  test('begins anew on a new connection: what the one before left unfinished is gone', () => {
    const talk = Talk.inOrder({ depth: 3 });
    const [abandoned] = talk.send(3);
    talk.hear([abandoned!.subarray(0, 7)]);
    talk.finish();
    talk.begin(1);
    const frames = talk.send(3);
    expect(talk.hear(frames)).toBe(3);
    expect(talk.errors).toEqual({});
  });

  test('begins anew also after wrong replies', () => {
    const talk = Talk.inOrder({ depth: 3 });
    talk.hear(talk.send(2).toReversed());
    talk.finish();
    talk.begin(1);
    talk.hear(talk.send(3));
    expect(talk.tally.messages).toBe(1 + 3);
    expect(talk.errors).toEqual({ reordered: 1 });
  });

  test('reads on after an empty chunk', () => {
    const talk = Talk.inOrder();
    const frames = talk.send(1);
    expect(talk.hear([])).toBe(0);
    expect(talk.hear(frames)).toBe(1);
  });

  test('takes a megabyte in chunks of any size for one message', () => {
    const talk = Talk.inOrder({ framing: 'length', sizeBytes: 1 << 20, depth: 1 });
    fc.assert(
      fc.property(chunkSizesBytes, (sizesBytes) => {
        const answered = cut(talk.send(1)[0]!, sizesBytes).map((chunk) => talk.hear([chunk]));
        expect(answered.reduce((sum, count) => sum + count, 0)).toBe(1);
        expect(talk.errors).toEqual({});
      }),
      { seed, numRuns: 20 },
    );
  });
});

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Deliveries } from '../../../loadgen/exchanges/deliveries.ts';
import { deliveryHistograms } from '../../../loadgen/exchanges/delivery-times.ts';
import { RoomExchange } from '../../../loadgen/exchanges/room.ts';
import { TAG_BYTES } from '../../../protocol/message.ts';
import { Recorder } from '../../../loadgen/recorder.ts';
import { newRecorders } from '../../../loadgen/recorder-set.ts';
import { newTally } from '../../../loadgen/tally.ts';
import { seed } from '../framing/seed.ts';
import { exchangeContext, latencies, type Setting } from './exchange-context.ts';
import { HandClock } from './hand-clock.ts';
import { Talk } from './talk.ts';

/** Connections that are members of one room, each with a tally of its own. */
function members(count: number, setting: Setting = {}): Talk[] {
  const { depth = 4 } = setting;
  const shared = exchangeContext({ ...setting, totalSlots: count, sharedBytes: Deliveries.bytes(count, depth) });
  return Array.from({ length: count }, (_, slot) => {
    const tally = { ...newTally(), counters: { owed: 0, delivered: 0 } };
    const context = { ...shared, tally, recorder: new Recorder(), histograms: newRecorders(deliveryHistograms) };
    return new Talk(context, new RoomExchange(context, slot), slot);
  });
}

/** Members who all know that they are in: each has said something that all have heard. */
function joined(count: number, setting?: Setting): Talk[] {
  const room = members(count, setting);
  for (const member of room) {
    const said = member.send(1);
    for (const each of room) each.hear(said);
  }
  return room;
}

describe('a room', () => {
  test('finds nothing wrong where each message reaches each member, wherever the streams are cut', () => {
    const turns = fc.array(
      fc.record({ speaker: fc.nat({ max: 3 }), requests: fc.nat({ max: 4 }), bytes: fc.array(fc.nat({ max: 150 })) }),
      {
        maxLength: 30,
        size: 'max',
      },
    );
    const setting = fc.record({ framing: fc.constantFrom('fixed', 'length', 'line'), depth: fc.integer({ min: 1, max: 4 }) });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), setting, turns, (count, chosen, all) => {
        const room = members(count, chosen);
        const onTheWay = room.map(() => Buffer.alloc(0));
        let sent = 0;
        const deliver = (member: number, bytes: number): number => {
          const chunk = onTheWay[member]!.subarray(0, bytes);
          onTheWay[member] = onTheWay[member]!.subarray(bytes);
          return room[member]!.hear([chunk]);
        };
        let answered = 0;
        for (const { speaker, requests, bytes } of all) {
          const { exchange } = room[speaker % count]!;
          const said = room[speaker % count]!.send(Math.min(requests, exchange.requests.depth - exchange.requests.inFlight));
          sent += said.length;
          for (let member = 0; member < count; member += 1) {
            onTheWay[member] = Buffer.concat([onTheWay[member]!, ...said]);
            answered += deliver(member, bytes[member] ?? 0);
          }
        }
        for (let member = 0; member < count; member += 1) answered += deliver(member, Infinity);
        expect(answered).toBe(sent);
        for (const member of room) {
          expect(member.tally.messages).toBe(sent);
          expect(member.exchange.settled()).toBe(true);
          member.finish();
          expect(member.errors).toEqual({});
          expect(member.tally.counters['delivered']).toBe(member.tally.counters['owed']);
        }
      }),
      { seed, numRuns: 100 },
    );
  });

  test('takes the return of its own message for the answer, and records the latency of that alone', () => {
    const clock = new HandClock();
    const [speaker, listener] = joined(2) as [Talk, Talk];
    const said = speaker.send(2);
    clock.nowMs += 3;
    expect(listener.hear(said)).toBe(0);
    expect(speaker.hear(said)).toBe(2);
    expect(latencies(speaker.context.recorder)).toMatchObject({ count: 3, maxNs: 3e6, meanNs: 2e6 });
    expect(listener.context.recorder.count).toBe(1);
  });

  test('is not settled for a member until everything owed to it has come', () => {
    const [speaker, listener] = joined(2) as [Talk, Talk];
    const said = speaker.send(1);
    expect(listener.exchange.settled()).toBe(false);
    listener.hear(said);
    expect(listener.exchange.settled()).toBe(true);
    expect(speaker.exchange.settled()).toBe(false);
  });

  test('counts what a member has not heard at the end as missing, there and nowhere else', () => {
    const [speaker, deaf, listener] = joined(3) as [Talk, Talk, Talk];
    const said = speaker.send(3);
    speaker.hear(said);
    listener.hear(said);
    deaf.hear([said[1]!]);
    for (const member of [speaker, deaf, listener]) member.finish();
    expect([speaker.errors, deaf.errors, listener.errors]).toEqual([{}, { missing: 2 }, {}]);
    expect(deaf.tally).toMatchObject({ messages: 4, unanswered: 0 });
    const { owed, delivered } = deaf.tally.counters;
    expect(owed! - delivered!).toBe(2);
  });

  test('counts what comes twice as duplicated', () => {
    const [speaker, listener] = joined(2) as [Talk, Talk];
    const said = speaker.send(2);
    listener.hear([...said, ...said]);
    expect(listener.errors).toEqual({ duplicated: 2 });
    expect(listener.exchange.settled()).toBe(true);
  });

  test('counts what a later message of the same sender has overtaken as reordered, once, and again as duplicated', () => {
    const [speaker, listener] = joined(2) as [Talk, Talk];
    const [first, second] = speaker.send(2);
    listener.hear([second!, first!, first!]);
    expect(listener.errors).toEqual({ reordered: 1, duplicated: 1 });
    expect(listener.exchange.settled()).toBe(true);
  });

  test('lets messages of different senders overtake each other', () => {
    const [one, other, listener] = joined(3) as [Talk, Talk, Talk];
    const [first, second] = [one.send(1), other.send(1)];
    one.hear([...first, ...second]);
    listener.hear([...second, ...first]);
    expect([one.errors, listener.errors]).toEqual([{}, {}]);
  });

  test('finds a message foreign that nobody in it has sent', () => {
    const [listener] = joined(2) as [Talk];
    const [stranger] = joined(2) as [Talk];
    listener.hear(stranger.send(1));
    expect(listener.errors).toEqual({ foreign: 1 });
  });

  test('finds a message with another body or a number that is none corrupt', () => {
    const [speaker, listener] = joined(2) as [Talk, Talk];
    const [first, second] = speaker.send(2).map((frame) => Buffer.from(frame));
    first![20]! ^= 1;
    second![0] = 0x20;
    listener.hear([first!, second!]);
    listener.finish();
    expect(listener.errors).toEqual({ corrupt: 2, missing: 2 });
  });

  test('counts own messages that never came back as unanswered, with their age', () => {
    const clock = new HandClock();
    const [speaker] = joined(1) as [Talk];
    speaker.send(2);
    clock.nowMs += 7;
    speaker.finish();
    expect(speaker.tally.unanswered).toBe(2);
    expect(latencies(speaker.context.recorder)).toMatchObject({ count: 3, lowerBounds: 2, maxNs: 7e6 });
  });

  test.each([1, TAG_BYTES - 1])(
    'does not take messages of %i bytes, which have no room for the name of their sender',
    (sizeBytes) => {
      expect(() => members(1, { sizeBytes })).toThrow(expect.objectContaining({ code: 'E_SIZE' }));
    },
  );
});

describe('a member who joins later', () => {
  test('is not owed what was sent before anything came to it', () => {
    const [speaker, late] = members(2) as [Talk, Talk];
    speaker.hear(speaker.send(3));
    const said = late.send(1);
    for (const each of [late, speaker]) each.hear(said);
    expect(late.exchange.settled()).toBe(true);
    late.hear(speaker.send(1));
    late.finish();
    expect(late.errors).toEqual({});
    expect(late.tally.messages).toBe(2);
  });

  test('may hear some of what was sent before, with gaps', () => {
    const [speaker, late] = members(2) as [Talk, Talk];
    const said = speaker.send(4);
    late.hear([said[1]!, said[3]!, ...late.send(1)]);
    late.finish();
    expect(late.errors).toEqual({});
    expect(late.tally.messages).toBe(3);
  });

  test('is owed everything from then on', () => {
    const [speaker, late] = members(2) as [Talk, Talk];
    speaker.hear(speaker.send(1));
    late.hear(late.send(1));
    const said = speaker.send(2);
    late.hear([said[1]!]);
    late.finish();
    expect(late.errors).toEqual({ missing: 1 });
  });
});

describe('a member who leaves and comes back on a new connection', () => {
  test('is heard by the others as before', () => {
    const [speaker, listener] = joined(2) as [Talk, Talk];
    for (let visit = 1; visit <= 3; visit += 1) {
      speaker.begin(visit * 2);
      const said = speaker.send(3);
      expect(speaker.hear(said)).toBe(3);
      listener.hear(said);
    }
    for (const member of [speaker, listener]) member.finish();
    expect([speaker.errors, listener.errors]).toEqual([{}, {}]);
    expect(listener.tally.messages).toBe(2 + 9);
  });

  test('may be heard late: what it said before it left is still owed to the others', () => {
    const [speaker, listener] = joined(2) as [Talk, Talk];
    const said = speaker.send(1);
    speaker.hear(said);
    speaker.begin(2);
    expect(listener.exchange.settled()).toBe(false);
    listener.hear(said);
    expect(listener.exchange.settled()).toBe(true);
    expect(listener.errors).toEqual({});
  });

  test('is not owed what was said meanwhile', () => {
    const [speaker, listener] = joined(2) as [Talk, Talk];
    speaker.hear(speaker.send(2));
    listener.begin(3);
    listener.hear(listener.send(1));
    listener.hear(speaker.send(1));
    listener.finish();
    expect(listener.errors).toEqual({});
  });
});

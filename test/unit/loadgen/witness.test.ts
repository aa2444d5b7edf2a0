import { describe, expect, test } from 'vitest';
import { encode } from '../../../framing/framing.ts';
import { witness } from '../../../loadgen/exchanges/witness.ts';
import { exchangeContext } from './exchange-context.ts';
import { Talk } from './talk.ts';

function talk(connection = 0): Talk {
  const context = exchangeContext({ sizeBytes: 64, depth: 4 });
  return new Talk(context, witness(context, 0), connection);
}

/** What a server of the app identify replies to a request in the framing `line`. */
function answerTo(frame: Buffer, claim = ' 77 2 1500 250'): Buffer {
  return Buffer.from(`${frame.toString('latin1', 0, 11)}${claim}`.padEnd(64) + '\n', 'latin1');
}

describe('the exchange that keeps every message', () => {
  test('records who answered it and when', () => {
    const own = talk(5);
    const [first] = own.send(1);
    expect(own.hear([answerTo(first!)], 3000)).toBe(1);
    expect(own.errors).toEqual({});
    expect(own.tally.messages).toBe(1);
    expect(own.tally.witnessed).toMatchObject([
      { slot: 0, connection: 5, sequence: 0, answer: { pid: 77, threadId: 2, begunNs: 1500, endedNs: 1750, answeredNs: 3000 } },
    ]);
  });

  test('keeps those without an answer as such', () => {
    const own = talk();
    own.send(2);
    own.finish();
    expect(own.tally.unanswered).toBe(2);
    expect(own.tally.witnessed.map(({ answer }) => answer)).toEqual([undefined, undefined]);
  });

  test.each<[string, (frames: Buffer[]) => Buffer[], object]>([
    ['an echo', ([first]) => [first!], { corrupt: 1 }],
    ['a claim that is no numbers', ([first]) => [answerTo(first!, ' me 2 3 4')], { corrupt: 1 }],
    [
      'a reply that is too short',
      ([first]) => [encode(exchangeContext().framing, answerTo(first!).subarray(0, 40))],
      { corrupt: 1 },
    ],
    ['the reply to another connection', ([first]) => [answerTo(first!.fill('1', 6, 7))], { foreign: 1 }],
    ['the second reply first', ([, second]) => [answerTo(second!)], { reordered: 1 }],
    ['a reply twice', ([first]) => [answerTo(first!), answerTo(first!)], { duplicated: 1 }],
  ])('counts %s as wrong', (_, replies, errors) => {
    const own = talk();
    own.hear(replies(own.send(2).map((frame) => Buffer.from(frame))));
    expect(own.errors).toEqual(errors);
  });

  test('needs room for the answer', () => {
    expect(() => witness(exchangeContext({ sizeBytes: 32 }), 0)).toThrow('expected messages of at least 56 bytes, got 32');
  });
});

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { byName } from '../../../framing/framing.ts';
import type { Reply } from '../../../servers/app.ts';
import { Closings } from '../../../servers/closings.ts';
import { Conversation, type Line } from '../../../servers/conversation.ts';
import { Failure } from '../../../servers/failure.ts';
import { LocalRoom } from '../../../servers/rooms/local.ts';
import { Semaphore } from '../../../servers/semaphore.ts';
import { serviceDefaults, type Service } from '../../../servers/service.ts';

const LIMIT_BYTES = 16;

/** A service over lines whose app answers everything in capitals. */
function shouting(to: Reply['to']): Service {
  const framing = byName('line', { limitBytes: LIMIT_BYTES });
  const handle = (message: Buffer): Reply => ({ to, payload: Buffer.from(message.toString().toUpperCase()) });
  const shared = { closings: new Closings(), places: new Semaphore(1), failure: new Failure() };
  return { ...serviceDefaults, spec: serviceDefaults, framing, app: { name: 'shout', handle }, ...shared };
}

const never = (): void => {
  throw new Error('expected no delay');
};

/** A conversation and what left it, one entry for each call of its output. */
function converse(service: Service, room = new LocalRoom(), after: Line['after'] = never): Talk {
  const writes: string[] = [];
  const conversation = new Conversation(service, room, {
    output(batch) {
      writes.push(batch.peek().toString());
      batch.clear();
    },
    after,
  });
  return { conversation, writes };
}

interface Talk {
  conversation: Conversation;
  writes: string[];
}

describe('a conversation whose app replies to the sender', () => {
  test('sends the replies to one chunk in one write', () => {
    const { conversation, writes } = converse(shouting('sender'));
    conversation.receive(Buffer.from('one\ntwo\nthree\n'));
    conversation.receive(Buffer.from('four\n'));
    expect(writes).toEqual(['ONE\nTWO\nTHREE\n', 'FOUR\n']);
  });

  test('writes nothing while no message is complete', () => {
    const { conversation, writes } = converse(shouting('sender'));
    conversation.receive(Buffer.from('on'));
    expect(writes).toEqual([]);
    conversation.receive(Buffer.from('e\n'));
    expect(writes).toEqual(['ONE\n']);
  });

  test('sends the replies to the messages before a bad frame, then throws', () => {
    const { conversation, writes } = converse(shouting('sender'));
    const tooLong = 'x'.repeat(LIMIT_BYTES + 1);
    expect(() => conversation.receive(Buffer.from(`one\ntwo\n${tooLong}\nthree\n`))).toThrow(
      expect.objectContaining({ code: 'E_FRAME_TOO_LARGE' }),
    );
    expect(writes).toEqual(['ONE\nTWO\n']);
  });

  test('throws at the end of a stream that stops inside a frame, and only then', () => {
    const { conversation } = converse(shouting('sender'));
    conversation.receive(Buffer.from('one\n'));
    expect(() => conversation.end()).not.toThrow();
    conversation.receive(Buffer.from('tw'));
    expect(() => conversation.end()).toThrow(expect.objectContaining({ code: 'E_FRAME_TRUNCATED' }));
  });

  test('says nothing to others in the room', () => {
    const room = new LocalRoom();
    const speaker = converse(shouting('sender'), room);
    const listener = converse(shouting('sender'), room);
    speaker.conversation.receive(Buffer.from('one\n'));
    expect(listener.writes).toEqual([]);
  });
});

describe('a conversation whose app replies to the room', () => {
  test('reaches every member, the sender too, with one write for a chunk', () => {
    const room = new LocalRoom();
    const members = [1, 2, 3].map(() => converse(shouting('room'), room));
    members[1]!.conversation.receive(Buffer.from('one\ntwo\n'));
    members[2]!.conversation.receive(Buffer.from('three\n'));
    for (const { writes } of members) expect(writes).toEqual(['ONE\nTWO\n', 'THREE\n']);
  });

  test('reaches every member with the messages before a bad frame', () => {
    const room = new LocalRoom();
    const members = [1, 2].map(() => converse(shouting('room'), room));
    expect(() => members[0]!.conversation.receive(Buffer.from(`one\n${'x'.repeat(LIMIT_BYTES + 1)}`))).toThrow(
      expect.objectContaining({ code: 'E_FRAME_TOO_LARGE' }),
    );
    for (const { writes } of members) expect(writes).toEqual(['ONE\n']);
  });

  test('reaches nobody who has left', () => {
    const room = new LocalRoom();
    const [stays, leaves] = [converse(shouting('room'), room), converse(shouting('room'), room)];
    leaves.conversation.leave();
    stays.conversation.receive(Buffer.from('one\n'));
    expect(stays.writes).toEqual(['ONE\n']);
    expect(leaves.writes).toEqual([]);
  });

  test('keeps what an output did not take for the next flush', () => {
    const room = new LocalRoom();
    let busy = true;
    const writes: string[] = [];
    const slow = new Conversation(shouting('room'), room, {
      output(batch) {
        if (busy) return;
        writes.push(batch.take().toString());
      },
      after: never,
    });
    const { conversation } = converse(shouting('room'), room);
    conversation.receive(Buffer.from('one\n'));
    conversation.receive(Buffer.from('two\n'));
    busy = false;
    slow.flush();
    expect(writes).toEqual(['ONE\nTWO\n']);
  });
});

describe('a conversation whose app replies late', () => {
  const DELAY_MS = 5;

  /** Says at once what begins with an exclamation mark, and everything else after a while. */
  function pondering(): Service {
    const service = shouting('sender');
    const handle = (message: Buffer): Reply => {
      const reply = service.app.handle(message);
      return message.toString().startsWith('!') ? reply : { ...reply, afterMs: DELAY_MS };
    };
    return { ...service, app: { name: 'ponder', handle } };
  }

  /** A loop: it is told when to call back, and the test lets time pass. */
  function inLoop(): Talk & { pass: () => void } {
    const timers: { delayMs: number; callback: () => void }[] = [];
    const talk = converse(pondering(), new LocalRoom(), (delayMs, callback) => timers.push({ delayMs, callback }));
    return {
      ...talk,
      pass() {
        const due = timers.splice(0);
        vi.advanceTimersByTime(Math.max(...due.map(({ delayMs }) => delayMs)));
        for (const { callback } of due) callback();
      },
    };
  }

  beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
  afterEach(() => void vi.useRealTimers());

  test('sends nothing before the delay is over, then the replies to one chunk in one write', () => {
    const { conversation, writes, pass } = inLoop();
    conversation.receive(Buffer.from('one\ntwo\n'));
    expect(writes).toEqual([]);
    expect(conversation.settled).toBe(false);
    pass();
    expect(writes).toEqual(['ONE\nTWO\n']);
    expect(conversation.settled).toBe(true);
  });

  test('keeps the order of messages: a reply that is ready waits for those before it, not for those behind it', () => {
    const { conversation, writes, pass } = inLoop();
    conversation.receive(Buffer.from('!one\ntwo\n!three\n'));
    expect(writes).toEqual(['!ONE\n']);
    pass();
    expect(writes).toEqual(['!ONE\n', 'TWO\n!THREE\n']);
  });

  test('lets a blocking thread sleep for each reply in turn', () => {
    const slept: number[] = [];
    const { conversation, writes } = converse(pondering(), new LocalRoom(), (delayMs, then) => {
      slept.push(delayMs);
      vi.advanceTimersByTime(delayMs);
      then();
    });
    conversation.receive(Buffer.from('!one\ntwo\nthree\n'));
    expect(slept).toEqual([DELAY_MS, DELAY_MS]);
    expect(writes).toEqual(['!ONE\n', 'TWO\n', 'THREE\n']);
  });

  test('asks for a pause when very much is waited for, and says when it is over and when all is answered', () => {
    const { conversation, pass } = inLoop();
    const told: string[] = [];
    for (let message = 0; !conversation.held; message += 1) conversation.receive(Buffer.from(`${message}\n`));
    conversation.whenFree(() => told.push('free'));
    conversation.whenSettled(() => told.push('settled'));
    expect(told).toEqual([]);
    pass();
    expect(told).toEqual(['free', 'settled']);
    expect(conversation.held).toBe(false);
  });

  test('puts replies that are made elsewhere into the order of their messages', () => {
    const { conversation, writes } = inLoop();
    const [first, second] = [conversation.expect(3), conversation.expect(3)];
    second({ to: 'sender', payload: Buffer.from('two') });
    expect(writes).toEqual([]);
    first({ to: 'sender', payload: Buffer.from('one') });
    expect(writes).toEqual(['one\ntwo\n']);
  });
});

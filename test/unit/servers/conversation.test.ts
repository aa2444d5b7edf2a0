import { describe, expect, test } from 'vitest';
import { byName } from '../../../framing/framing.ts';
import type { Reply } from '../../../servers/app.ts';
import { Conversation } from '../../../servers/conversation.ts';
import { LocalRoom } from '../../../servers/rooms/local.ts';
import { serviceDefaults, type Service } from '../../../servers/service.ts';

const LIMIT_BYTES = 16;

/** A service over lines whose app answers everything in capitals. */
function shouting(to: Reply['to']): Service {
  const framing = byName('line', { limitBytes: LIMIT_BYTES });
  const handle = (message: Buffer): Reply => ({ to, payload: Buffer.from(message.toString().toUpperCase()) });
  return { ...serviceDefaults, spec: serviceDefaults, framing, app: { name: 'shout', handle } };
}

/** A conversation and what left it, one entry for each call of its output. */
function converse(service: Service, room = new LocalRoom()): { conversation: Conversation; writes: string[] } {
  const writes: string[] = [];
  const conversation = new Conversation(service, room, (batch) => {
    writes.push(batch.peek().toString());
    batch.clear();
  });
  return { conversation, writes };
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
    const slow = new Conversation(shouting('room'), room, (batch) => {
      if (busy) return;
      writes.push(batch.take().toString());
    });
    const { conversation } = converse(shouting('room'), room);
    conversation.receive(Buffer.from('one\n'));
    conversation.receive(Buffer.from('two\n'));
    busy = false;
    slow.flush();
    expect(writes).toEqual(['ONE\nTWO\n']);
  });
});

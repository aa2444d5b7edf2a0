import { expect, test } from 'vitest';
import { RelayRoom } from '../../../servers/rooms/relay.ts';
import { RecordingMember } from './recording-member.ts';

/** One process's part of a room, with one member, and what it sent to the hub. */
function part(): { room: RelayRoom; member: RecordingMember; sent: string[][] } {
  const sent: string[][] = [];
  const room = new RelayRoom((payloads) => sent.push(payloads.map((payload) => Buffer.from(payload).toString())));
  const member = new RecordingMember();
  room.join(member);
  return { room, member, sent };
}

const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text));

test('posts go to the own members and, in one message per flush, to the hub', () => {
  const { room, member, sent } = part();
  room.post(Buffer.from('one'));
  room.post(Buffer.from('two'));
  expect(sent).toEqual([]);
  room.flush();
  room.post(Buffer.from('three'));
  room.flush();
  expect(member.received).toEqual([['one', 'two'], ['three']]);
  expect(sent).toEqual([['one', 'two'], ['three']]);
});

test('nothing is sent to the hub when nothing was posted', () => {
  const { room, sent } = part();
  room.flush();
  expect(sent).toEqual([]);
});

test('what comes from the hub reaches the own members at once and does not go back', () => {
  const { room, member, sent } = part();
  room.receive([bytes('one'), bytes('two')]);
  room.flush();
  expect(member.received).toEqual([['one', 'two']]);
  expect(sent).toEqual([]);
});

test('what comes from the hub between post and flush is delivered, and the posts still go out once', () => {
  const { room, member, sent } = part();
  room.post(Buffer.from('mine'));
  room.receive([bytes('theirs')]);
  room.flush();
  expect(member.received.flat()).toEqual(['mine', 'theirs']);
  expect(sent).toEqual([['mine']]);
});

test('what goes to the hub is a copy, so the receive buffer may be used again', () => {
  const { room, sent } = part();
  const buffer = Buffer.from('first');
  room.post(buffer);
  buffer.write('again');
  room.flush();
  expect(sent).toEqual([['first']]);
});

test('payloads that are views of a larger buffer arrive without their surroundings', () => {
  const { room, member } = part();
  room.receive([bytes('<inside>').subarray(1, -1)]);
  expect(member.received).toEqual([['inside']]);
});

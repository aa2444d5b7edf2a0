import { expect, test } from 'vitest';
import { LocalRoom } from '../../../servers/rooms/local.ts';
import { RecordingMember } from './recording-member.ts';

function roomOfTwo(): { room: LocalRoom; first: RecordingMember; second: RecordingMember } {
  const [room, first, second] = [new LocalRoom(), new RecordingMember(), new RecordingMember()];
  room.join(first);
  room.join(second);
  return { room, first, second };
}

test('a post reaches every member once, in order, and not before the flush', () => {
  const { room, first, second } = roomOfTwo();
  room.post(Buffer.from('one'));
  room.post(Buffer.from('two'));
  expect([...first.received, ...second.received]).toEqual([]);
  room.flush();
  room.flush();
  expect(first.received).toEqual([['one', 'two']]);
  expect(second.received).toEqual([['one', 'two']]);
});

test('a member who has left gets nothing more, the others do', () => {
  const { room, first, second } = roomOfTwo();
  room.leave(first);
  room.post(Buffer.from('hello'));
  room.flush();
  expect(first.received).toEqual([]);
  expect(second.received).toEqual([['hello']]);
});

test('a member who leaves while posts are handed out does not stop the others from getting them', () => {
  const { room, second } = roomOfTwo();
  const third = new RecordingMember();
  const dropped = { deliver: () => {}, flush: () => room.leave(dropped) };
  room.join(dropped);
  room.join(third);
  room.post(Buffer.from('hello'));
  room.flush();
  expect(second.received).toEqual([['hello']]);
  expect(third.received).toEqual([['hello']]);
});

test('a member who joined twice is still one member', () => {
  const { room, first } = roomOfTwo();
  room.join(first);
  room.post(Buffer.from('hello'));
  room.flush();
  expect(first.received).toEqual([['hello']]);
});

test('an empty room takes posts', () => {
  const room = new LocalRoom();
  room.post(Buffer.from('anybody?'));
  expect(() => room.flush()).not.toThrow();
});

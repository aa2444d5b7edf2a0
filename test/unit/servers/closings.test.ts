import { afterEach, describe, expect, test, vi } from 'vitest';
import { SockbenchError } from '../../../errors/sockbench-error.ts';
import { Closings } from '../../../servers/closings.ts';

const none = new Closings().counts;

afterEach(() => void vi.restoreAllMocks());

describe('the closings of a server', () => {
  test('are counted by their reason, in memory that threads share', () => {
    const closings = new Closings();
    new Closings(closings.shared).count('unread');
    closings.count('unread', 2);
    expect(closings.counts).toEqual({ ...none, unread: 3 });
  });

  test('add up over processes', () => {
    const closings = new Closings();
    closings.count('refused');
    closings.add({ ...none, framing: 1, refused: 2 });
    expect(closings.counts).toEqual({ ...none, framing: 1, refused: 3 });
  });

  test('tell a broken framing from an app that fails, and say so on stderr', () => {
    const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const closings = new Closings();
    closings.report(new SockbenchError('E_FRAME_TOO_LARGE', 'expected less'));
    closings.report(new TypeError('not a function'));
    expect(closings.counts).toEqual({ ...none, framing: 1, app: 1 });
    expect(said.mock.calls.flat()).toEqual([
      'connection closed: E_FRAME_TOO_LARGE: expected less\n',
      'connection closed: not a function\n',
    ]);
  });

  test('are told of one by one until there are many, and only counted then', () => {
    const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const closings = new Closings();
    for (let client = 0; client < 1000; client += 1) closings.report(new SockbenchError('E_FRAME_TRUNCATED', 'expected more'));
    expect(closings.counts).toEqual({ ...none, framing: 1000 });
    expect(said.mock.calls).toHaveLength(11);
    expect(said.mock.calls.at(-1)![0]).toContain('further ones of this kind are only counted');
  });
});

import { openSync } from 'node:fs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { descriptorLimit } from '../../../posix/resource-limits.ts';
import { posixUnavailable } from '../../../posix/libc.ts';
import { READABLE, WRITABLE } from '../../../posix/poller.ts';
import { Select } from '../../../posix/select.ts';
import { close, sendAll } from '../../../posix/socket.ts';
import { connectedPair } from './connected-pair.ts';

/** Only ever reached by a failing test. */
const DEADLINE_MS = 30_000;
const LAST = 1023;

/** Opens files until one has a descriptor of at least so much, and closes them after the test. */
function openUpTo(descriptor: number): void {
  const opened: number[] = [];
  onTestFinished(() => opened.forEach(close));
  while ((opened.at(-1) ?? 0) < descriptor) opened.push(openSync('/dev/null', 'w'));
}

const ready = (select: Select, timeoutMs = DEADLINE_MS): number[] =>
  Array.from({ length: select.wait(timeoutMs) }, (_, index) => select.keyAt(index));

describe.skipIf(posixUnavailable)('select', () => {
  test('says which sockets are ready, by their keys, for what it was last told to watch for', () => {
    const [one, other] = [connectedPair(), connectedPair()];
    const select = new Select();
    select.add(one.server, READABLE, 7);
    select.add(other.server, READABLE, 8);
    expect(ready(select, 0)).toEqual([]);
    sendAll(other.client, Buffer.from('x'));
    expect(ready(select)).toEqual([8]);
    select.modify(one.server, WRITABLE, 9);
    select.remove(other.server);
    expect(ready(select)).toEqual([9]);
  });

  test.skipIf(descriptorLimit() < LAST + 100)('refuses descriptors past 1023 and watches the others on', () => {
    const { client, server } = connectedPair();
    const select = new Select();
    select.add(server, READABLE, 1);
    openUpTo(LAST + 1);
    select.add(LAST, WRITABLE, 2);
    expect(() => select.add(LAST + 1, WRITABLE, 3)).toThrow(
      expect.objectContaining({ code: 'E_SELECT_LIMIT', message: 'select: expected a descriptor below 1024, got 1024' }),
    );
    expect(ready(select)).toEqual([2]);
    sendAll(client, Buffer.from('x'));
    expect(ready(select)).toEqual([1, 2]);
  });
});

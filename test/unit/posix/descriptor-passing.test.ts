import { closeSync, openSync, readFileSync, readSync, writeSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openChannel, passDescriptor, receiveDescriptor } from '../../../posix/descriptor-passing.ts';
import { posixUnavailable } from '../../../posix/libc.ts';
import { close, receive, send, shutdown, SHUT_RDWR } from '../../../posix/socket.ts';
import { closedAfterTest } from './connected-pair.ts';

const EPIPE = -32;
const EBADF = -9;

function channel(): [number, number] {
  const [one, other] = openChannel();
  return [closedAfterTest(one), closedAfterTest(other)];
}

/** An open file of the test's own, and its descriptor. */
function file(text: string): number {
  const folder = mkdtempSync(join(tmpdir(), 'sockbench-'));
  const fd = openSync(join(folder, 'file'), 'w+');
  writeSync(fd, text);
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return fd;
}

function read(fd: number): string {
  const buffer = Buffer.alloc(100);
  return buffer.toString('latin1', 0, readSync(fd, buffer, 0, buffer.length, 0));
}

describe.skipIf(posixUnavailable)('a descriptor passed through a channel', () => {
  test('is another one for the same open file, which lives on when the first is closed', () => {
    const [from, to] = channel();
    const fd = file('hello');
    expect(passDescriptor(from, fd)).toBe(0);
    closeSync(fd);
    const passed = closedAfterTest(receiveDescriptor(to)!);
    expect(read(passed)).toBe('hello');
  });

  test('is not inherited by processes', () => {
    const [from, to] = channel();
    const fd = closedAfterTest(file(''));
    passDescriptor(from, fd);
    const passed = closedAfterTest(receiveDescriptor(to)!);
    const flags = /^flags:\s+([0-7]+)/m.exec(readFileSync(`/proc/self/fdinfo/${passed}`, 'latin1'))![1]!;
    expect(parseInt(flags, 8) & 0o2000000).not.toBe(0); // O_CLOEXEC
  });

  test('comes as it was sent, one after the other, both ways', () => {
    const [one, other] = channel();
    const files = ['a', 'b', 'c'].map((text) => closedAfterTest(file(text)));
    for (const fd of files) passDescriptor(one, fd);
    passDescriptor(other, files[1]!);
    const there = files.map(() => read(closedAfterTest(receiveDescriptor(other)!)));
    expect(there).toEqual(['a', 'b', 'c']);
    expect(read(closedAfterTest(receiveDescriptor(one)!))).toBe('b');
  });
});

describe.skipIf(posixUnavailable)('a channel', () => {
  test('carries bytes too', () => {
    const [one, other] = channel();
    send(one, Buffer.from('.'), 1);
    const byte = Buffer.alloc(1);
    expect(receive(other, byte)).toBe(1);
    expect(byte.toString()).toBe('.');
  });

  test('ends for the receiver when the other end is closed, or when it was shut down', () => {
    const [one, other] = openChannel();
    close(one);
    expect(receiveDescriptor(closedAfterTest(other))).toBeUndefined();
    const [, shut] = channel();
    shutdown(shut, SHUT_RDWR);
    expect(receiveDescriptor(shut)).toBeUndefined();
  });

  test('refuses a descriptor when nobody holds the other end, and one that is none', () => {
    const [one, other] = openChannel();
    const fd = closedAfterTest(file(''));
    expect(passDescriptor(one, -1)).toBe(EBADF);
    close(other);
    expect(passDescriptor(closedAfterTest(one), fd)).toBe(EPIPE);
  });
});

import { describe, expect, test } from 'vitest';
import { acceptancesIn, asleepIn, receiptsIn, serversIn } from '../../e2e/evidence/calls.ts';
import { parseCalls } from '../../e2e/evidence/system-call.ts';

/** As strace 6.1 prints it: one thread accepts and serves, the other waits for its turn. */
const trace = `\
101 1700000000.100000 accept4(19, NULL, NULL, SOCK_CLOEXEC <unfinished ...>
102   1700000000.200000 fcntl(5, F_SETLKW, {l_type=F_WRLCK, l_whence=SEEK_SET, l_start=0, l_len=0} <unfinished ...>
101 1700000000.300000 <... accept4 resumed>) = 20
101 1700000000.400000 openat(AT_FDCWD, "/etc/hosts", O_RDONLY) = 7
101 1700000000.500000 recvfrom(20, "c007m000001\\330\\1"..., 65536, 0, NULL, NULL) = 65
101 1700000000.600000 recvfrom(20, 0x7f0000000000, 65536, 0, NULL, NULL) = -1 EAGAIN (Resource temporarily unavailable)
101 1700000000.700000 epoll_pwait(3,  <unfinished ...>
103 1700000000.800000 pselect6(20, [19], NULL, NULL, NULL, NULL) = ?
103 1700000000.900000 +++ exited with 0 +++
104 1700000001.000000 write(`;

describe('a trace of system calls', () => {
  const calls = parseCalls(trace);

  test('is read call by call, each under the name of its manual page, with what it returned', () => {
    expect(calls.map(({ thread, name, result }) => [thread, name, result])).toEqual([
      [101, 'accept', 20],
      [102, 'fcntl', undefined],
      [101, 'recv', 65],
      [101, 'recv', -1],
      [101, 'epoll_wait', undefined],
      [103, 'select', undefined],
    ]);
  });

  test('says when each began, and joins the halves of one that slept', () => {
    expect(calls[0]).toMatchObject({ beganAtMs: 1_700_000_000_100, text: '19, NULL, NULL, SOCK_CLOEXEC) = 20' });
  });

  test('tells who accepted and who received what on which descriptor', () => {
    expect(acceptancesIn(calls)).toEqual([{ thread: 101, fd: 20 }]);
    expect(receiptsIn(calls)).toEqual([{ thread: 101, fd: 20, client: 'c007' }]);
    expect(serversIn(calls)).toEqual([101]);
  });

  test('tells in which call each thread slept at a moment', () => {
    const processOf = new Map([101, 102, 104].map((thread) => [thread, 100]));
    const at = (atMs: number): string[] => asleepIn(calls, [101, 102, 103, 104], { atMs, processOf, cpuNs: new Map() });
    expect(at(1_700_000_000_250)).toEqual(['accept', 'fcntl', 'no call that is traced']);
    expect(at(1_700_000_000_750)).toEqual(['epoll_wait', 'fcntl', 'no call that is traced']);
  });
});

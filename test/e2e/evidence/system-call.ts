/** A system call of one thread, as strace saw it. */
export interface SystemCall {
  readonly thread: number;
  /** That of its manual page. */
  readonly name: string;
  /** By the clock of Date.now(). */
  readonly beganAtMs: number;
  /** Arguments and result, as printed. */
  readonly text: string;
  /** What it returned; undefined if it never did. */
  readonly result: number | undefined;
}

/**
 * Calls in which a server may sleep, receive or accept, by manual page. The kernel has several of some; which one a
 * program makes depends on the processor and the C library.
 */
const pages: Record<string, readonly string[]> = {
  accept: ['accept', 'accept4'],
  recv: ['recvfrom'],
  recvmsg: ['recvmsg'],
  read: ['read', 'readv'],
  select: ['select', 'pselect6'],
  poll: ['poll', 'ppoll'],
  epoll_wait: ['epoll_wait', 'epoll_pwait', 'epoll_pwait2'],
  io_uring_enter: ['io_uring_enter'],
  fcntl: ['fcntl'],
  futex: ['futex'],
};

/** The manual page of each call that is understood, by the kernel's name for it. */
export const pageOf: ReadonlyMap<string, string> = new Map(
  Object.entries(pages).flatMap(([page, names]) => names.map((name) => [name, page])),
);

const UNFINISHED = ' <unfinished ...>';

/**
 * The calls in what strace writes with -f -ttt, in the order in which they began. A last line that is not complete yet is
 * left out.
 */
export function parseCalls(trace: string): SystemCall[] {
  const calls: SystemCall[] = [];
  const pending = new Map<number, number>();
  for (const line of trace.split('\n').slice(0, -1)) {
    const [, pid, seconds, what = ''] = /^(\d+) +([\d.]+) (.*)$/.exec(line) ?? [];
    const thread = Number(pid);
    const resumed = /^<\.\.\. \w+ resumed>(.*)$/.exec(what)?.[1];
    const [, name = '', rest = ''] = /^(\w+)\((.*)$/.exec(what) ?? [];
    const begun = calls[pending.get(thread) ?? -1];
    if (resumed !== undefined && begun !== undefined) {
      calls[pending.get(thread)!] = { ...begun, text: begun.text + resumed, result: resultIn(resumed) };
      pending.delete(thread);
    } else if (pageOf.has(name)) {
      const unfinished = rest.endsWith(UNFINISHED);
      if (unfinished) pending.set(thread, calls.length);
      calls.push({
        thread,
        name: pageOf.get(name)!,
        beganAtMs: Number(seconds) * 1000,
        text: unfinished ? rest.slice(0, -UNFINISHED.length) : rest,
        result: unfinished ? undefined : resultIn(rest),
      });
    }
  }
  return calls;
}

/** "…) = 20", "…) = -1 EAGAIN (Resource temporarily unavailable)"; "…) = ?" when the thread ended in it. */
function resultIn(text: string): number | undefined {
  const [, result] = /.*\) += (-?\d+)/.exec(text) ?? [];
  return result === undefined ? undefined : Number(result);
}

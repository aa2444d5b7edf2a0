import type { SleepingCall } from '../../../posix/sleeping-call.ts';
import type { Rest } from './rest.ts';
import type { SystemCall } from './system-call.ts';

const receiving: readonly string[] = ['read', 'recv', 'recvmsg'] satisfies SleepingCall[];

/** Calls that received a client's message, with the descriptor on which it came. */
export function receiptsIn(calls: readonly SystemCall[]): { thread: number; fd: number; client: string }[] {
  return calls.flatMap(({ thread, name, text }) => {
    const [, fd, client] = /^(\d+), .*?"(c\d{3})m\d{5}/.exec(text) ?? [];
    return receiving.includes(name) && client !== undefined ? [{ thread, fd: Number(fd), client }] : [];
  });
}

/** Who serves: threads that receive messages, or have the kernel do it and wait until it has. */
export function serversIn(calls: readonly SystemCall[]): number[] {
  return distinct([...receiptsIn(calls).map(({ thread }) => thread), ...completersIn(calls)]);
}

/** Threads that enter a ring time after time. From Node 22 on libuv has one, too, for what epoll is to watch, but then goes on to epoll_wait. */
function completersIn(calls: readonly SystemCall[]): number[] {
  const last = new Map<number, string>();
  return calls.flatMap(({ thread, name }) => {
    const before = last.get(thread);
    last.set(thread, name);
    return name === 'io_uring_enter' && before === name ? [thread] : [];
  });
}

/** Connections that threads took from the kernel, with the descriptors that they got. */
export function acceptancesIn(calls: readonly SystemCall[]): { thread: number; fd: number }[] {
  return calls.flatMap(({ thread, name, result = -1 }) => (name === 'accept' && result >= 0 ? [{ thread, fd: result }] : []));
}

/** Calls that began between two moments. */
export function callsBetween(calls: readonly SystemCall[], from: Rest, to: Rest): SystemCall[] {
  return calls.filter(({ beganAtMs }) => beganAtMs > from.atMs && beganAtMs <= to.atMs);
}

/** The call in which each of these threads slept; without those that did not exist. */
export function asleepIn(calls: readonly SystemCall[], threads: readonly number[], { atMs, processOf }: Rest): string[] {
  const last = new Map(calls.filter(({ beganAtMs }) => beganAtMs <= atMs).map(({ thread, name }) => [thread, name]));
  return threads.filter((thread) => processOf.has(thread)).map((thread) => last.get(thread) ?? 'no call that is traced');
}

export const distinct = <Value>(values: readonly Value[]): Value[] => [...new Set(values)];

import { checked, libc } from './libc.ts';

const EFD_CLOEXEC = 0o2000000;
const EFD_NONBLOCK = 0o4000;
const one = Buffer.from(BigUint64Array.of(1n).buffer);
const drained = Buffer.alloc(8);

/** A counter of the kernel that is readable when it is not 0: one thread's way to wake another's loop (eventfd(2)). */
export const eventfd = (): number => checked('eventfd', -1, libc.eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));

export function raise(fd: number): void {
  libc.write(fd, one, one.length);
}

export function clear(fd: number): void {
  libc.read(fd, drained, drained.length);
}

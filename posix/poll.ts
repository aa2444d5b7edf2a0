import { EINTR, lastErrno, libc, systemError } from './libc.ts';
import type { Poller } from './poller.ts';

/** `struct pollfd`: int fd, short events, short revents. */
const WORDS = 2;
const ALL_BITS = 0xffff;

/** poll(2): the whole list of descriptors goes to the kernel and back with every call. */
export class Poll implements Poller {
  readonly edgeTriggered = false;
  readonly #indexes = new Map<number, number>();
  #list = new Int32Array(WORDS * 64);
  #keys: number[] = [];
  #ready: number[] = [];

  add(fd: number, events: number, key: number): void {
    const index = this.#keys.length;
    if (WORDS * (index + 1) > this.#list.length) {
      const grown = new Int32Array(2 * this.#list.length);
      grown.set(this.#list);
      this.#list = grown;
    }
    this.#list[WORDS * index] = fd;
    this.#list[WORDS * index + 1] = events;
    this.#keys.push(key);
    this.#indexes.set(fd, index);
  }

  modify(fd: number, events: number): void {
    this.#list[WORDS * this.#indexes.get(fd)! + 1] = events;
  }

  /** The last of the list takes the free place. */
  remove(fd: number): void {
    const index = this.#indexes.get(fd)!;
    const last = this.#keys.length - 1;
    this.#list.copyWithin(WORDS * index, WORDS * last, WORDS * (last + 1));
    this.#indexes.set(this.#list[WORDS * index]!, index);
    this.#keys[index] = this.#keys[last]!;
    this.#keys.pop();
    this.#indexes.delete(fd);
  }

  wait(timeoutMs: number): number {
    const count = libc.poll(this.#list, this.#keys.length, timeoutMs);
    if (count < 0 && lastErrno() !== EINTR) throw systemError('poll', -1);
    this.#ready.length = 0;
    for (let index = 0; this.#ready.length < count; index += 1) {
      if (this.#list[WORDS * index + 1]! >>> 16 !== 0) {
        this.#list[WORDS * index + 1]! &= ALL_BITS; // revents
        this.#ready.push(this.#keys[index]!);
      }
    }
    return this.#ready.length;
  }

  keyAt(index: number): number {
    return this.#ready[index]!;
  }

  close(): void {}
}

import { SockbenchError } from '../errors/sockbench-error.ts';
import { EINTR, lastErrno, libc, systemError } from './libc.ts';
import { READABLE, WRITABLE, type Poller } from './poller.ts';

/** FD_SETSIZE: an fd_set is a bit map of so many descriptors, whatever the process may open. */
const FD_SETSIZE = 1024;
const SET_WORDS = FD_SETSIZE / 32;

/** select(2): three bit maps in, three out; no descriptor past 1023. */
export class Select implements Poller {
  readonly edgeTriggered = false;
  readonly #readable = new Int32Array(SET_WORDS);
  readonly #writable = new Int32Array(SET_WORDS);
  readonly #readyToRead = new Int32Array(SET_WORDS);
  readonly #readyToWrite = new Int32Array(SET_WORDS);
  readonly #keys = new Int32Array(FD_SETSIZE);
  #limit = 0;
  #ready: number[] = [];

  add(fd: number, events: number, key: number): void {
    if (fd >= FD_SETSIZE) {
      throw new SockbenchError('E_SELECT_LIMIT', `select: expected a descriptor below ${FD_SETSIZE}, got ${fd}`, {
        remedy: 'use poll or epoll for so many connections',
      });
    }
    this.#limit = Math.max(this.#limit, fd + 1);
    this.modify(fd, events, key);
  }

  modify(fd: number, events: number, key: number): void {
    this.#keys[fd] = key;
    setBit(this.#readable, fd, (events & READABLE) !== 0);
    setBit(this.#writable, fd, (events & WRITABLE) !== 0);
  }

  remove(fd: number): void {
    setBit(this.#readable, fd, false);
    setBit(this.#writable, fd, false);
  }

  wait(timeoutMs: number): number {
    this.#readyToRead.set(this.#readable);
    this.#readyToWrite.set(this.#writable);
    const timeout =
      timeoutMs < 0 ? null : BigInt64Array.of(BigInt(Math.floor(timeoutMs / 1000)), BigInt(Math.round(timeoutMs % 1000) * 1000));
    const count = libc.select(this.#limit, this.#readyToRead, this.#readyToWrite, null, timeout);
    this.#ready.length = 0;
    if (count < 0 && lastErrno() !== EINTR) throw systemError('select', -1);
    if (count > 0) this.#collect();
    return this.#ready.length;
  }

  keyAt(index: number): number {
    return this.#ready[index]!;
  }

  close(): void {}

  #collect(): void {
    for (let word = 0; word < SET_WORDS; word += 1) {
      for (let bits = this.#readyToRead[word]! | this.#readyToWrite[word]!; bits !== 0; bits &= bits - 1) {
        this.#ready.push(this.#keys[word * 32 + (31 - Math.clz32(bits & -bits))]!);
      }
    }
  }
}

function setBit(set: Int32Array, bit: number, value: boolean): void {
  const mask = 1 << (bit & 31);
  set[bit >> 5] = value ? set[bit >> 5]! | mask : set[bit >> 5]! & ~mask;
}

import { checked, EINTR, lastErrno, libc, systemError, type Pointer } from './libc.ts';

/** Mutual exclusion between processes. */
export interface ProcessLock {
  lock(): void;
  unlock(): void;
}

const F_SETLKW = 7;
const F_WRLCK = 1;
const F_UNLCK = 2;

/** A file that exists only as a descriptor, to be inherited (memfd_create(2)). */
export function anonymousFile(name: string): number {
  return checked('memfd_create', -1, libc.memfd_create(name, 0));
}

/** A record lock on a whole file (fcntl(2), F_SETLKW). Processes that inherited the descriptor exclude each other. */
export class FileLock implements ProcessLock {
  readonly #fd: number;
  /** `struct flock`: short type, short whence, then long start and length, all 0: the whole file. */
  readonly #request = new Int32Array(8);

  constructor(fd: number) {
    this.#fd = fd;
  }

  lock(): void {
    this.#set(F_WRLCK);
  }

  unlock(): void {
    this.#set(F_UNLCK);
  }

  #set(type: number): void {
    this.#request[0] = type;
    while (libc.fcntl(this.#fd, F_SETLKW, this.#request) < 0) {
      const errno = lastErrno();
      if (errno !== EINTR) throw systemError('fcntl F_SETLKW', this.#fd, errno);
    }
  }
}

const PROT_READ_WRITE = 3;
const MAP_SHARED = 1;
const PAGE_BYTES = 4096;
const EOWNERDEAD = 130;

/** A pthread mutex in memory that processes share through a file; survives the death of its holder (robust). */
export class SharedMutex implements ProcessLock {
  readonly #mutex: Pointer;

  private constructor(fd: number) {
    this.#mutex = libc.mmap(null, PAGE_BYTES, PROT_READ_WRITE, MAP_SHARED, fd, 0);
  }

  /** Makes the mutex; once, before another process opens it. */
  static create(fd: number): SharedMutex {
    checked('ftruncate', fd, libc.ftruncate(fd, PAGE_BYTES));
    const attributes = Buffer.alloc(64);
    libc.pthread_mutexattr_init(attributes);
    libc.pthread_mutexattr_setpshared(attributes, 1);
    libc.pthread_mutexattr_setrobust(attributes, 1);
    const shared = new SharedMutex(fd);
    libc.pthread_mutex_init(shared.#mutex, attributes);
    return shared;
  }

  static open(fd: number): SharedMutex {
    return new SharedMutex(fd);
  }

  lock(): void {
    const errno = libc.pthread_mutex_lock(this.#mutex);
    if (errno === EOWNERDEAD) libc.pthread_mutex_consistent(this.#mutex);
    else if (errno !== 0) throw systemError('pthread_mutex_lock', -1, errno);
  }

  unlock(): void {
    libc.pthread_mutex_unlock(this.#mutex);
  }
}

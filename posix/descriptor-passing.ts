import { addressOf, checked, EINTR, EMFILE, lastErrno, libc } from './libc.ts';

const AF_UNIX = 1;
const SOCK_STREAM = 1;
const SOCK_CLOEXEC = 0o2000000;
const SOL_SOCKET = 1;
const SCM_RIGHTS = 1;
const MSG_NOSIGNAL = 0x4000;
const MSG_CMSG_CLOEXEC = 0x40000000;

/** `struct msghdr` of 64-bit Linux in words of 8 bytes (recvmsg(2)), then what it points at. */
const IOV = 2;
const IOV_COUNT = 3;
const CONTROL = 4;
const CONTROL_BYTES = 5;
/** `struct iovec`: address, length. */
const VECTOR = 7;
/** `struct cmsghdr` (cmsg(3)): length, then level and type, then the descriptor. */
const HEADER = 9;
const HEADER_BYTES = 24;
const DATA_BYTES = 20;
const PAYLOAD = 12;
const WORDS = 13;

/** A message of one byte with a descriptor beside it, made once for all calls of this thread. */
const message = new BigUint64Array(WORDS);
const bytes = new Uint8Array(message.buffer);
const header = new Int32Array(message.buffer, 8 * HEADER);
const at = (word: number): bigint => BigInt(addressOf(bytes) + 8 * word);
message[IOV] = at(VECTOR);
message[IOV_COUNT] = 1n;
message[CONTROL] = at(HEADER);
message[VECTOR] = at(PAYLOAD);
message[VECTOR + 1] = 1n;

/** The two ends of a channel between processes: calls on them block; a process that is to have one inherits it (unix(7)). */
export function openChannel(): [number, number] {
  const pair = new Int32Array(2);
  checked('socketpair', -1, libc.socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair));
  return [pair[0]!, pair[1]!];
}

/** Gives whoever holds the other end a copy of the descriptor. Returns 0, or the negative errno: -EPIPE where nobody does. */
export function passDescriptor(channel: number, fd: number): number {
  for (;;) {
    message[CONTROL_BYTES] = BigInt(HEADER_BYTES);
    header.set([DATA_BYTES, 0, SOL_SOCKET, SCM_RIGHTS, fd]);
    if (libc.sendmsg(channel, bytes, MSG_NOSIGNAL) >= 0) return 0;
    const errno = lastErrno();
    if (errno !== EINTR) return -errno;
  }
}

/**
 * Sleeps until a descriptor comes. Returns it; -EMFILE when this process had no room for it, so that the kernel closed it;
 * undefined once the other end is closed or the channel was shut down.
 */
export function receiveDescriptor(channel: number): number | undefined {
  for (;;) {
    message[CONTROL_BYTES] = BigInt(HEADER_BYTES);
    const received = libc.recvmsg(channel, bytes, MSG_CMSG_CLOEXEC);
    if (received > 0) return Number(message[CONTROL_BYTES]) < DATA_BYTES ? -EMFILE : header[4]!;
    if (received === 0 || lastErrno() !== EINTR) return undefined;
  }
}

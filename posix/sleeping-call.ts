/** A system call in which a thread can sleep, by the name of its manual page. */
export type SleepingCall =
  | 'accept'
  | 'recv'
  | 'recvmsg'
  | 'read'
  | 'fcntl'
  | 'futex'
  | 'select'
  | 'poll'
  | 'epoll_wait'
  | 'io_uring_enter';

/** The members of a chat and how a message reaches them all. */
export interface Room {
  join(member: Member): void;
  leave(member: Member): void;
  /** Gives the payload, which is copied, to every member; nothing leaves before `flush`. */
  post(payload: Buffer): void;
  flush(): void;
}

export interface Member {
  deliver(payload: Buffer): void;
  /** Sends what was delivered since the last flush, in one write. */
  flush(): void;
}

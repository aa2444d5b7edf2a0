import type { Member, Room } from './room.ts';

/** A room whose members all live in this thread. */
export class LocalRoom implements Room {
  readonly #members = new Set<Member>();

  join(member: Member): void {
    this.#members.add(member);
  }

  leave(member: Member): void {
    this.#members.delete(member);
  }

  post(payload: Buffer): void {
    for (const member of this.#members) member.deliver(payload);
  }

  flush(): void {
    for (const member of this.#members) member.flush();
  }
}

import type { Member } from '../../../servers/rooms/room.ts';

/** A member that keeps what it gets, one list for each flush that found something. */
export class RecordingMember implements Member {
  readonly received: string[][] = [];
  #delivered: string[] = [];

  deliver(payload: Buffer): void {
    this.#delivered.push(payload.toString());
  }

  flush(): void {
    if (this.#delivered.length > 0) this.received.push(this.#delivered.splice(0));
  }
}

import { nowNs } from '../clock.ts';
import type { Connections } from '../connections.ts';
import { DueHeap } from '../due-heap.ts';
import type { Pace } from '../pace.ts';
import type { Recorder } from '../recorder.ts';
import type { SampleWindow } from '../requests.ts';
import { Schedule, type ScheduleSpec } from '../schedule.ts';
import type { Tally } from '../tally.ts';

export interface ScheduleContext {
  readonly spec: ScheduleSpec;
  /** The numbers of these connections among all that send at this pace. */
  readonly senders: readonly number[];
  readonly window: SampleWindow;
  readonly tally: Tally;
  readonly recorder: Recorder;
  /** Actual minus planned send of each message that its connection could take when it was due. */
  readonly sendLag: Recorder;
}

/**
 * Open loop: each message leaves at its own planned time on its own connection. One that its connection can't take then,
 * because it is closed or full, is held back and leaves as soon as it can; its planned time stands, so that the response time
 * shows the wait in full. Nothing needs to be queued for that: the schedule remembers.
 */
export class ScheduledPace implements Pace {
  readonly #connections: Connections;
  readonly #slots: readonly number[];
  readonly #context: ScheduleContext;
  readonly #schedule: Schedule;
  /** By index into #slots: those with a message to come; the others hold one back. */
  readonly #waiting: DueHeap;
  readonly #held: Uint8Array;
  readonly #indexOf: Int32Array;
  #startNs = Infinity;

  constructor(connections: Connections, slots: readonly number[], context: ScheduleContext) {
    this.#connections = connections;
    this.#slots = slots;
    this.#context = context;
    this.#schedule = new Schedule(context.spec, context.senders);
    this.#waiting = new DueHeap(slots.length);
    this.#held = new Uint8Array(slots.length);
    this.#indexOf = new Int32Array(connections.count);
    slots.forEach((slot, index) => {
      this.#indexOf[slot] = index;
      this.#waiting.push(index, this.#schedule.dueNs(index));
    });
  }

  begin(startNs: number): void {
    this.#startNs = startNs;
  }

  get nextNs(): number {
    const plannedNs = this.#startNs + this.#waiting.firstDueNs;
    return this.#connections.sendable > 0 && plannedNs < this.#context.window.untilNs ? plannedNs : Infinity;
  }

  due(atNs: number): void {
    const { sendLag, window } = this.#context;
    while (this.nextNs <= atNs) {
      const index = this.#waiting.firstSlot;
      const slot = this.#slots[index]!;
      if (this.#connections.room(slot) === 0) {
        this.#waiting.pop();
        this.#held[index] = 1;
        continue;
      }
      const plannedNs = this.nextNs;
      const sentNs = nowNs();
      this.#send(index, slot, plannedNs, sentNs);
      this.#waiting.postponeFirst(this.#schedule.dueNs(index));
      if (plannedNs >= window.fromNs) sendLag.record(sentNs - plannedNs);
    }
  }

  ready(slot: number, atNs: number): void {
    const index = this.#indexOf[slot]!;
    if (this.#held[index] === 0) return;
    while (this.#startNs + this.#schedule.dueNs(index) <= atNs) {
      if (this.#connections.room(slot) === 0) return;
      const plannedNs = this.#startNs + this.#schedule.dueNs(index);
      if (plannedNs >= this.#context.window.fromNs) this.#context.tally.offered.held += 1;
      this.#send(index, slot, plannedNs, atNs);
    }
    this.#held[index] = 0;
    this.#waiting.push(index, this.#schedule.dueNs(index));
  }

  /** Messages still held back count as unanswered, with their age since the planned time. */
  end(atNs: number): void {
    this.due(atNs);
    const { tally, recorder, window } = this.#context;
    const untilNs = Math.min(atNs, window.untilNs);
    for (let index = 0; index < this.#slots.length; index += 1) {
      for (; this.#connections.sendable > 0; this.#schedule.advance(index)) {
        const plannedNs = this.#startNs + this.#schedule.dueNs(index);
        if (!(plannedNs < untilNs)) break;
        this.#connections.sendable -= 1;
        tally.unanswered += 1;
        if (plannedNs < window.fromNs) continue;
        tally.offered.unsent += 1;
        recorder.recordLowerBound(atNs - plannedNs);
      }
    }
    this.#startNs = Infinity;
  }

  #send(index: number, slot: number, plannedNs: number, sentNs: number): void {
    if (plannedNs >= this.#context.window.fromNs) this.#context.tally.offered.sent += 1;
    this.#schedule.advance(index);
    this.#connections.send(slot, 1, plannedNs, sentNs);
  }
}

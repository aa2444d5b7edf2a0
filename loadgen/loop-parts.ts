import type { Connections } from './connections.ts';
import type { PaceSet } from './pace-set.ts';
import type { RecorderSet } from './recorder-set.ts';
import type { SampleWindow } from './requests.ts';
import type { StartLine } from './start-line.ts';
import type { Tally } from './tally.ts';

export const limits = {
  /** How long connecting may take before the run goes on with those connections that are open. */
  connectNs: 2e9,
  /** With an amount instead of a duration: how long to wait for the next reply before giving the rest up. */
  stallNs: 2e9,
} as const;

export interface LoopPlan {
  warmupNs: number;
  /** Infinity: an amount decides, and the run is over with its last reply. */
  durationNs: number;
  /** How long replies are awaited after the last request. */
  drainNs: number;
}

/** What the loop tells while it runs. */
export interface LoopObserver {
  measuring(): void;
  /** With the messages since measuring began. */
  measured(messages: number): void;
  /** Called at every tick with the messages since measuring began, 0 before; true ends the run now. */
  tick(messages: number): boolean;
}

/** What a thread's loop works on. */
export interface LoopParts {
  connections: Connections;
  paces: PaceSet;
  startLine: StartLine;
  /** Where a thread that sends no more waits until the others don't either: its connections may be owed what they say. */
  finishLine: StartLine;
  window: SampleWindow;
  recorders: RecorderSet;
  tally: Tally;
}

import type { Connections } from './connections.ts';
import type { Pace } from './pace.ts';
import type { RecorderSet } from './recorder-set.ts';
import type { SampleWindow } from './requests.ts';
import type { StartLine } from './start-line.ts';
import type { Tally } from './tally.ts';

export interface LoopPlan {
  warmupNs: number;
  /** Infinity: an amount decides, and the run is over with its last reply. */
  durationNs: number;
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
  /** By slot. */
  paces: readonly Pace[];
  startLine: StartLine;
  window: SampleWindow;
  recorders: RecorderSet;
  tally: Tally;
}

import type { Connections } from '../connections.ts';
import type { Pace } from '../pace.ts';
import { ClosedPace } from './closed.ts';
import { ScheduledPace, type ScheduleContext } from './scheduled.ts';
import { SilentPace } from './silent.ts';

interface PaceDefinition {
  /** Messages have planned times, which may differ from those at which they leave. */
  readonly planned: boolean;
  readonly sends: boolean;
  create(connections: Connections, slots: readonly number[], schedule: ScheduleContext): Pace;
}

export const paces = {
  /** A closed loop: as many requests in flight as the depth says, the next as soon as one is answered. */
  closed: { planned: false, sends: true, create: (connections, slots) => new ClosedPace(connections, slots) },
  /** An open loop: each message at its planned time, whatever comes back. */
  scheduled: {
    planned: true,
    sends: true,
    create: (connections, slots, schedule) => new ScheduledPace(connections, slots, schedule),
  },
  /** Connects and listens. */
  silent: { planned: false, sends: false, create: () => new SilentPace() },
} as const satisfies Record<string, PaceDefinition>;

export type PaceName = keyof typeof paces;

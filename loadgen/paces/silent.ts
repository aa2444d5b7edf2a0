import type { Pace } from '../pace.ts';

/** Never sends: idle connections, and members of a room who only listen. */
export class SilentPace implements Pace {
  readonly nextNs = Infinity;

  begin(): void {}

  ready(): void {}

  due(): void {}

  end(): void {}
}

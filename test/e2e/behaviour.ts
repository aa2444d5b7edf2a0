import type { AppDefinition } from '../../servers/app.ts';
import type { ServerModel } from '../../servers/model.ts';
import type { Subject } from './subject.ts';

/** What is put together for one test. */
export interface Combination {
  readonly model: ServerModel;
  readonly app: AppDefinition;
  readonly framing: string;
}

/** One clause of the contract that every model keeps, whatever the app and the framing. */
export interface Behaviour {
  /** The test's name: "a server …". */
  readonly sentence: string;
  /** Combinations in which the clause means something; all, if not given. */
  appliesTo?(combination: Combination): boolean;
  /** Why it can't be checked on this machine. */
  readonly obstacle?: string | undefined;
  check(subject: Subject): Promise<void>;
}

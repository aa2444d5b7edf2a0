import type { AppDefinition } from '../../servers/app.ts';
import type { ServerModel } from '../../servers/model.ts';
import type { ServerProcess } from './server-process.ts';
import type { Settings, Subject } from './subject.ts';

/** What is put together for one test. */
export interface Combination {
  readonly model: ServerModel;
  readonly app: AppDefinition;
  readonly framing: string;
}

interface Clause {
  /** The test's name: "a server …". */
  readonly sentence: string;
  /** Combinations in which the clause means something; all, if not given. */
  appliesTo?(combination: Combination): boolean;
  /** Why it can't be checked on this machine. */
  readonly obstacle?: string | undefined;
}

/** Starts its servers itself: it needs fresh ones, or harms them. */
interface Alone extends Clause {
  readonly shares?: undefined;
  readonly ends?: undefined;
  check(subject: Subject): Promise<void>;
}

/** Takes a server that others may have used, and may use afterwards. */
interface Sharing extends Clause {
  /** What that server was started with. */
  readonly shares: Settings;
  /** Nobody uses it afterwards. */
  readonly ends?: true;
  check(subject: Subject, server: ServerProcess): Promise<void>;
}

/** One clause of the contract that every model keeps, whatever the app and the framing. */
export type Behaviour = Alone | Sharing;

/** Whether each connection has a JavaScript engine of its own. */
export const hasEngineEach = ({ evidence }: ServerModel): boolean =>
  ['a thread each', 'a process each'].includes(evidence.servedBy);

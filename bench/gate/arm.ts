import type { ServiceSpec } from '../../servers/service.ts';

/** One side of a comparison: how a server of it is started. */
export interface Arm {
  /** The folder in which it runs. */
  readonly cwd?: string;
  command(service: Partial<ServiceSpec>): Promise<string[]>;
}

/** What is compared: a server in two versions. */
export interface Contestant {
  readonly name: string;
  readonly base: Arm;
  readonly head: Arm;
  /** As many as can be served at once. */
  readonly connections: number;
}

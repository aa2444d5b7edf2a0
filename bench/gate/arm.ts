import type { ServiceSpec } from '../../servers/service.ts';

export const armTitles = ['base', 'head', 'base again'] as const;
export type ArmTitle = (typeof armTitles)[number];

/** One side of a comparison: how a server of it is started. */
export interface Arm {
  readonly title: ArmTitle;
  /** The folder in which it runs. */
  readonly cwd?: string;
  command(service: Partial<ServiceSpec>): Promise<string[]>;
}

/** What is compared: a server in two versions. */
export interface Contestant {
  readonly name: string;
  /** Why there is nothing to compare, if so. */
  readonly notInBase?: string;
  readonly base: Arm;
  readonly head: Arm;
  /** How many connections load it: no more than it serves at once. */
  readonly connections: number;
}

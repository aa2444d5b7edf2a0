import { FolderRegistry } from '../plugins/folder-registry.ts';

/** What the service does with a message: pure, so the same code runs in a loop, a thread, a process or a pool. */
export interface App {
  readonly name: string;
  handle(message: Buffer): Reply;
}

export interface Reply {
  readonly to: 'sender' | 'room';
  /** May be the message itself: a view that is copied before the next message is handled. */
  readonly payload: Buffer;
  /** The reply is due so long after the message, as if a back end had been asked. How to wait is the model's affair. */
  readonly afterMs?: number;
}

export interface AppOptions {
  /** How much CPU work a message costs, in the app's own unit. */
  work: number;
  /** How long an app that waits does so. */
  delayMs: number;
  /** Share of the messages that `mixed` delays, 0 to 1. */
  slowShare: number;
}

export interface AppDefinition {
  readonly name: string;
  readonly summary: string;
  create(options: AppOptions): App['handle'];
}

export const apps = new FolderRegistry<AppDefinition>('app', new URL('./apps/', import.meta.url));

export const defineApp = (definition: AppDefinition): AppDefinition => definition;

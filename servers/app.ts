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
}

export interface AppOptions {
  /** How much CPU work a message costs, in the app's own unit. */
  work: number;
}

export interface AppDefinition {
  readonly name: string;
  readonly summary: string;
  create(options: AppOptions): App['handle'];
}

export const apps = new FolderRegistry<AppDefinition>('app', new URL('./apps/', import.meta.url));

export const defineApp = (definition: AppDefinition): AppDefinition => definition;

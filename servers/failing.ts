import type { App } from './app.ts';

/** The same app, but it throws on messages that begin with `failsOn`: a known fault, to learn what it does to others. */
export function failing(handle: App['handle'], failsOn: string): App['handle'] {
  if (failsOn === '') return handle;
  const beginning = Buffer.from(failsOn, 'latin1');
  return (message) => {
    if (message.subarray(0, beginning.length).equals(beginning)) throw new Error(`told to fail on ${failsOn}`);
    return handle(message);
  };
}

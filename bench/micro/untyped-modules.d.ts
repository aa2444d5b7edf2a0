declare module 'length-prefixed-stream' {
  import type { Transform } from 'node:stream';

  /** In: payloads. Out: a varint length, then the payload. */
  export function encode(): Transform;
  /** In: chunks of such a stream. Out: payloads. */
  export function decode(): Transform;
}

declare module 'split2' {
  import type { Transform } from 'node:stream';

  /** In: chunks of a stream. Out: the strings between its matches. */
  export default function split2(matcher: string | RegExp): Transform;
}

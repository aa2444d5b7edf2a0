import { defineApp } from '../app.ts';

/** Only the beginning of a message decides, so that a client knows beforehand which of its messages are slow. */
const TAG_BYTES = 11;

export default defineApp({
  name: 'mixed',
  summary: 'as echo, but a share of the messages (--slow-share) comes back only after --delay',
  create:
    ({ delayMs, slowShare }) =>
    (message) =>
      lot(message) < slowShare ? { to: 'sender', payload: message, afterMs: delayMs } : { to: 'sender', payload: message },
});

/** A number in [0, 1) drawn from the message's first bytes: FNV-1a, then the finalizer of MurmurHash3. */
function lot(message: Buffer): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < TAG_BYTES && at < message.length; at += 1) hash = Math.imul(hash ^ message[at]!, 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

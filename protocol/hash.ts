import { pbkdf2Sync } from 'node:crypto';
import { TAG_BYTES } from './message.ts';

/** What the CPU work of a message is: so many rounds of PBKDF2-SHA256 over all but its tag. */
export const digest = (message: Buffer, work: number): Buffer =>
  pbkdf2Sync(message.subarray(TAG_BYTES), 'sockbench', work, 32, 'sha256');

/** The reply that shows the work: the message's tag, then its digest in hexadecimal, again and again, to the message's size. */
export function hashed(message: Buffer, work: number): Buffer {
  const reply = Buffer.alloc(message.length, digest(message, work).toString('hex'));
  message.copy(reply, 0, 0, TAG_BYTES);
  return reply;
}

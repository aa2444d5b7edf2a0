import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import { TAG_BYTES } from '../../protocol/message.ts';

/** `c007m000042`: the client that sends and its message's number, TAG_BYTES in all. */
const TAG = /^c(\d{3})m(\d{6})/;

const NEWLINE = 0x0a;

/** A message that says whose it is, filled with bytes that differ from message to message; every framing can carry it. */
export function payload(client: number, sequence: number, sizeBytes: number): Buffer {
  const tag = `c${String(client).padStart(3, '0')}m${String(sequence).padStart(6, '0')}`;
  const noise = createHash('sha512').update(tag).digest();
  const bytes = Buffer.alloc(
    sizeBytes,
    noise.map((byte) => (byte === NEWLINE ? 0 : byte)),
  );
  bytes.write(tag, 'latin1');
  return bytes;
}

/** The client whose message this answers; undefined for one too short to say. */
export function senderOf(message: Buffer): number | undefined {
  const [, client] = TAG.exec(message.toString('latin1', 0, TAG_BYTES)) ?? [];
  return client === undefined ? undefined : Number(client);
}

export function sequenceOf(message: Buffer): number {
  return Number(TAG.exec(message.toString('latin1', 0, TAG_BYTES))?.[2]);
}

/** Asserts that both lists hold the same bytes in the same order; says where they part without printing a megabyte. */
export function expectSame(got: readonly Buffer[], wanted: readonly Buffer[]): void {
  expect(got.map(describe)).toEqual(wanted.map(describe));
}

const describe = (message: Buffer): string =>
  `${message.length} bytes ${message.toString('latin1', 0, TAG_BYTES)} sha256 ${createHash('sha256').update(message).digest('hex')}`;

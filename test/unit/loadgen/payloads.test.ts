import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { byName } from '../../../framing/framing.ts';
import { Payloads, type ReplyTo } from '../../../loadgen/payloads.ts';
import { TAG_BYTES } from '../../../protocol/message.ts';
import { seed } from '../framing/seed.ts';

const same: ReplyTo = (text) => text;
/** The tag stays. */
const exclaiming: ReplyTo = (text) => Buffer.concat([text.subarray(0, TAG_BYTES), Buffer.alloc(text.length - TAG_BYTES, '!')]);
const VARIANTS = 16;

function payloadsOf(sizeBytes: number, framing = 'fixed', replyTo = same): Payloads {
  return new Payloads(byName(framing, { sizeBytes }), sizeBytes, replyTo);
}

/** The frame of a request, with its numbers in it. */
function request(payloads: Payloads, variant: number, connection: number, sequence: number): Buffer {
  const frame = Buffer.alloc(payloads.frameBytes);
  payloads.writeRequest(frame, 0, variant);
  payloads.writeConnection(frame, 0, connection);
  payloads.writeSequence(frame, 0, sequence);
  return frame;
}

function payloadIn(frame: Buffer, { framing, sizeBytes }: Payloads): Buffer {
  return frame.subarray(framing.headerBytes, framing.headerBytes + sizeBytes);
}

const sizeBytes = fc.oneof(fc.integer({ min: 1, max: 2 * TAG_BYTES }), fc.integer({ min: 1, max: 500 }));
const variant = fc.nat({ max: 1000 });
const connection = fc.nat({ max: 2 ** 30 - 1 });
const sequence = fc.maxSafeNat().map((number) => number % 2 ** 36);
const framing = fc.constantFrom('fixed', 'length', 'line');

describe('the payload of a request', () => {
  test('gives back the numbers that were written, as far as its size has room for them', () => {
    fc.assert(
      fc.property(sizeBytes, framing, variant, connection, sequence, (size, name, body, client, number) => {
        const payloads = payloadsOf(size, name);
        const payload = payloadIn(request(payloads, body, client, number), payloads);
        expect(payloads.readSequence(payload)).toBe(number % payloads.sequenceModulus);
        expect(payloads.readConnection(payload)).toBe(client % payloads.connectionModulus);
      }),
      { seed, numRuns: 200 },
    );
  });

  test.each([
    [1, 64, 1],
    [5, 2 ** 30, 1],
    [6, 2 ** 36, 1],
    [7, 2 ** 36, 64],
    [TAG_BYTES, 2 ** 36, 2 ** 30],
    [64, 2 ** 36, 2 ** 30],
  ])('of %i bytes tells %i sequence numbers and %i connections apart', (size, sequences, connections) => {
    const payloads = payloadsOf(size);
    expect(payloads.sequenceModulus).toBe(sequences);
    expect(payloads.connectionModulus).toBe(connections);
  });

  test('is printable and has no newline, whatever its numbers are', () => {
    fc.assert(
      fc.property(sizeBytes, variant, connection, sequence, (size, body, client, number) => {
        const payloads = payloadsOf(size);
        const bytes = [...payloadIn(request(payloads, body, client, number), payloads)];
        expect(bytes.every((byte) => byte >= 0x20 && byte < 0x7f)).toBe(true);
      }),
      { seed, numRuns: 200 },
    );
  });

  test('is one frame of its framing', () => {
    fc.assert(
      fc.property(sizeBytes, framing, variant, connection, sequence, (size, name, body, client, number) => {
        const payloads = payloadsOf(size, name);
        const frame = request(payloads, body, client, number);
        const found: Buffer[] = [];
        payloads.framing.decoder((payload) => found.push(Buffer.from(payload))).push(frame);
        expect(found).toEqual([payloadIn(frame, payloads)]);
      }),
      { seed },
    );
  });

  test('has one of 16 different bodies', () => {
    const payloads = payloadsOf(64);
    const bodies = Array.from({ length: VARIANTS }, (_, number) => request(payloads, number, 0, 0).toString());
    expect(new Set(bodies).size).toBe(VARIANTS);
    expect(request(payloads, VARIANTS + 3, 0, 0).toString()).toBe(bodies[3]);
  });

  test.each([0, -1, 1.5, NaN])('of %d bytes is refused', (size) => {
    expect(() => new Payloads(byName('line'), size, same)).toThrow(expect.objectContaining({ code: 'E_SIZE' }));
  });
});

describe('the number in a reply', () => {
  test('is none where a byte is no digit, and where the reply is too short', () => {
    const payloads = payloadsOf(16);
    const payload = request(payloads, 0, 7, 42);
    expect(payloads.readSequence(payload.subarray(0, 5))).toBeNaN();
    expect(payloads.readConnection(payload.subarray(0, TAG_BYTES - 1))).toBeNaN();
    payload[2] = 0x20;
    expect(payloads.readSequence(payload)).toBeNaN();
    expect(payloads.readConnection(payload)).toBe(7);
    payload[TAG_BYTES - 1] = 0x7e;
    expect(payloads.readConnection(payload)).toBeNaN();
  });
});

describe('the expected reply', () => {
  test('is the request itself for an echo, and something else for other services', () => {
    expect(payloadsOf(64).mirrored).toBe(true);
    expect(payloadsOf(64, 'line', exclaiming).mirrored).toBe(false);
  });

  test('is recognised by its size and its body', () => {
    for (const name of ['fixed', 'length', 'line']) {
      const payloads = payloadsOf(32, name, exclaiming);
      const frame = Buffer.alloc(payloads.frameBytes);
      payloads.writeReply(frame, 0, 5);
      payloads.writeSequence(frame, 0, 123);
      const reply = payloadIn(frame, payloads);
      expect(payloads.hasReplyBody(reply, 5)).toBe(true);
      expect(payloads.hasReplyBody(reply.subarray(0, 31), 5)).toBe(false);
      expect(payloads.hasReplyBody(Buffer.concat([reply, reply]), 5)).toBe(false);
      expect(payloads.hasReplyBody(payloadIn(request(payloads, 5, 0, 123), payloads), 5)).toBe(false);
      reply[31]! ^= 1;
      expect(payloads.hasReplyBody(reply, 5)).toBe(false);
    }
  });

  test('of a message that is nothing but its numbers has any body', () => {
    for (let size = 1; size <= TAG_BYTES; size += 1) {
      expect(payloadsOf(size).hasReplyBody(Buffer.alloc(size), 3)).toBe(true);
      expect(payloadsOf(size).hasReplyBody(Buffer.alloc(size + 1), 3)).toBe(false);
    }
  });
});

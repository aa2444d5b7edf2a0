import { encode, type Framing } from '../../framing/framing.ts';

/** What a stream begins with that announces or holds more than `limitBytes`. In `fixed` framing no stream does. */
export const overLimit: Readonly<Record<string, (limitBytes: number) => Buffer>> = {
  length(limitBytes) {
    const header = Buffer.alloc(4);
    header.writeUInt32BE(limitBytes + 1);
    return header;
  },
  line: (limitBytes) => Buffer.alloc(limitBytes + 1, 'x'),
};

/** A frame whose end is missing. */
export function cutFrame(framing: Framing, message: Buffer): Buffer {
  return encode(framing, message).subarray(0, -1);
}

import * as fc from 'fast-check';

/** Sizes of successive chunks; the rest of the stream is one more chunk. Zero is an empty chunk. */
export const chunkSizesBytes = fc.array(fc.nat({ max: 40 }), { maxLength: 60, size: 'max' });

export function cut(stream: Buffer, sizesBytes: readonly number[]): Buffer[] {
  const chunks: Buffer[] = [];
  let at = 0;
  for (const sizeBytes of sizesBytes) {
    chunks.push(stream.subarray(at, at + sizeBytes));
    at += sizeBytes;
  }
  chunks.push(stream.subarray(at));
  return chunks;
}

export function cutIntoBytes(stream: Buffer): Buffer[] {
  return cut(
    stream,
    Array.from(stream, () => 1),
  );
}

/** A message of the load generator begins with so many bytes that number it; every app's reply begins with the same. */
export const TAG_BYTES = 11;

/**
 * A number in [0, 1) drawn from the tag of the message of `sizeBytes` that begins at `start`: FNV-1a, then the finalizer of MurmurHash3. Both
 * sides draw the same, so that a client knows beforehand what the server will do with which of its messages.
 */
export function lot(bytes: Buffer, start = 0, sizeBytes = bytes.length): number {
  const end = start + Math.min(TAG_BYTES, sizeBytes);
  let hash = 0x811c9dc5;
  for (let at = start; at < end; at += 1) hash = Math.imul(hash ^ bytes[at]!, 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

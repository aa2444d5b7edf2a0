/** The next number in [0, 1) of the generator whose 32-bit state is `states[index]` (Ettinger's mulberry32). */
export function draw(states: Uint32Array, index: number): number {
  const state = (states[index]! + 0x6d2b79f5) >>> 0;
  states[index] = state;
  let mixed = Math.imul(state ^ (state >>> 15), state | 1);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
}

/** Numbers in [0, 1) from a 32-bit seed. */
export function mulberry32(seed: number): () => number {
  const state = Uint32Array.of(seed);
  return () => draw(state, 0);
}

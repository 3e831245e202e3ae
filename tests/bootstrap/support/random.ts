const SEED = process.env.FAST_CHECK_SEED ?? "20251";

/** Numbers from 0 to 1, the same in every run, others for every name. `FAST_CHECK_SEED=n` gives other ones. */
export function seeded(name: string): () => number {
  let state = 0;
  for (const letter of `${SEED} ${name}`) {
    state = Math.imul(state ^ letter.charCodeAt(0), 0x01000193) + 0x9e37;
  }
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

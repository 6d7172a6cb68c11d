/** A repeatable pseudo-random number in [0, 1) for three integers. */
export function hash01(x: number, y: number, seed: number): number {
  let h = Math.imul(x | 0, 0x27d4eb2d) ^ Math.imul(y | 0, 0x165667b1) ^ Math.imul(seed | 0, 0x9e3779b1);
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) / 4294967296;
}

/** Smooth value noise in [0, 1] over the plane; one cell is one unit. */
export function valueNoise(x: number, y: number, seed: number): number {
  const xi = Math.floor(x);
  const yi = Math.floor(y);
  const fx = x - xi;
  const fy = y - yi;
  const ux = fx * fx * (3 - 2 * fx);
  const uy = fy * fy * (3 - 2 * fy);
  const top = hash01(xi, yi, seed) * (1 - ux) + hash01(xi + 1, yi, seed) * ux;
  const bottom = hash01(xi, yi + 1, seed) * (1 - ux) + hash01(xi + 1, yi + 1, seed) * ux;
  return top * (1 - uy) + bottom * uy;
}

/** A small repeatable generator: the same seed gives the same numbers on every machine. */
export function seededRandom(seed: number): () => number {
  let n = 0;
  return () => hash01((n += 1), 77, seed);
}

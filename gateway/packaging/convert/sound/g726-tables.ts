/** What a code word means, by its bits: logarithm of the difference, scale factor multiplier, speed (ITU-T G.726, section 3). */
export interface G726Table {
  logarithm: Int16Array;
  multiplier: Int32Array;
  speed: Int16Array;
}

/** Code words with the sign bit are the others mirrored. */
function table(logarithm: number[], multiplier: number[], speed: number[]): G726Table {
  const mirrored = (half: number[]): number[] => [...half, ...half.toReversed()];
  return {
    logarithm: Int16Array.from(mirrored(logarithm)),
    multiplier: Int32Array.from(mirrored(multiplier)),
    speed: Int16Array.from(mirrored(speed)),
  };
}

/** Tables by the bits of a code word: 16, 24, 32 and 40 kbit/s. */
export const g726Tables: Readonly<Record<2 | 3 | 4 | 5, G726Table>> = {
  2: table([116, 365], [-704, 14_048], [0, 0xe00]),
  3: table([-2048, 135, 273, 373], [-128, 960, 4384, 18_624], [0, 0x200, 0x400, 0xe00]),
  4: table(
    [-2048, 4, 135, 213, 273, 323, 373, 425],
    [-384, 576, 1312, 2048, 3584, 6336, 11_360, 35_904],
    [0, 0, 0, 0x200, 0x200, 0x200, 0x600, 0xe00],
  ),
  5: table(
    [-2048, -66, 28, 104, 169, 224, 274, 318, 358, 395, 429, 459, 488, 514, 539, 566],
    [448, 448, 768, 1248, 1280, 1312, 1856, 3200, 4512, 5728, 7008, 8960, 11_456, 14_080, 16_928, 22_272],
    [0, 0, 0, 0, 0, 0x200, 0x200, 0x200, 0x200, 0x200, 0x400, 0x600, 0x800, 0xa00, 0xc00, 0xc00],
  ),
};

/** A picture as sRGB triples, row by row; effects change it in place. */
export interface RgbPicture {
  width: number;
  height: number;
  rgb: Uint8ClampedArray;
}

/** An own copy. */
export function copyOf({ width, height, rgb }: RgbPicture): RgbPicture {
  return { width, height, rgb: rgb.slice() };
}

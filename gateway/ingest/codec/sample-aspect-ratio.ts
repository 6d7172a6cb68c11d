import type { BitReader } from './bit-reader.ts';

/** Ratios by aspect_ratio_idc, H.264 table E-1 and H.265 table E.1. */
const RATIOS: readonly (readonly [number, number])[] = [
  [1, 1],
  [1, 1],
  [12, 11],
  [10, 11],
  [16, 11],
  [40, 33],
  [24, 11],
  [20, 11],
  [32, 11],
  [80, 33],
  [18, 11],
  [15, 11],
  [64, 33],
  [160, 99],
  [4, 3],
  [3, 2],
  [2, 1],
];
/** aspect_ratio_idc of a ratio that is written out. */
const EXTENDED_SAR = 255;

/** Reads the first fields of a VUI; 1:1 when it does not tell. */
export function readSampleAspectRatio(bits: BitReader): { width: number; height: number } {
  if (!bits.flag()) return { width: 1, height: 1 };
  const index = bits.bits(8);
  if (index !== EXTENDED_SAR) {
    const [width, height] = RATIOS[index] ?? [1, 1];
    return { width, height };
  }
  const [width, height] = [bits.bits(16), bits.bits(16)];
  return width > 0 && height > 0 ? { width, height } : { width: 1, height: 1 };
}

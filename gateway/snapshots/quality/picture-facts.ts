import { quality } from './quality-thresholds.ts';

/** The small picture on which all is measured: columns of luminance 0 … 255, `width` × `height`. */
export interface LumaPlane {
  width: number;
  height: number;
  pixels: Float32Array;
}

/** What is kept of a picture to judge it and later ones; some 15 kB. */
export interface PictureFacts {
  luma: number;
  /** Largest less smallest of the mean red, green and blue. */
  saturation: number;
  /** Mean luminance of `columns` × `rows` cells. */
  cells: Uint8Array;
  /** A hash for each of `blockColumns` × `blockRows` blocks of the small picture; 0 where a block has no structure. */
  blocks: Uint16Array;
  /** How steep the steepest edges are, 0 … 1 of their height for each pixel; null when there are too few edges. */
  focus: number | null;
}

/** Cells of `PictureFacts.cells`. */
export const columns = 128;
export const rows = 72;
/** Blocks of `PictureFacts.blocks`. */
export const blockColumns = 40;
export const blockRows = 30;

/** Measures a small picture; `mean` are its mean red, green and blue. */
export function picturesFacts(plane: LumaPlane, mean: readonly [number, number, number]): PictureFacts {
  return {
    luma: 0.299 * mean[0] + 0.587 * mean[1] + 0.114 * mean[2],
    saturation: Math.max(...mean) - Math.min(...mean),
    cells: cellsOf(plane),
    blocks: blockHashes(plane),
    focus: focusOf(plane),
  };
}

function cellsOf({ width, height, pixels }: LumaPlane): Uint8Array {
  const sums = new Float32Array(columns * rows);
  const counts = new Uint16Array(columns * rows);
  const columnOf = Uint8Array.from({ length: width }, (_, x) => Math.floor((x * columns) / width));
  for (let y = 0; y < height; y += 1) {
    const row = Math.floor((y * rows) / height) * columns;
    for (let x = 0; x < width; x += 1) {
      const cell = row + (columnOf[x] ?? 0);
      sums[cell]! += pixels[y * width + x] ?? 0;
      counts[cell]! += 1;
    }
  }
  return Uint8Array.from(sums, (sum, at) => Math.round(sum / Math.max(1, counts[at] ?? 1)));
}

/** FNV-1a of the rounded luminances of each block; a block without structure (burnt out, crushed) says nothing. */
function blockHashes({ width, height, pixels }: LumaPlane): Uint16Array {
  const hashes = new Uint16Array(blockColumns * blockRows);
  for (let row = 0; row < blockRows; row += 1) {
    const [top, bottom] = [
      Math.floor((row * height) / blockRows),
      Math.floor(((row + 1) * height) / blockRows),
    ];
    for (let column = 0; column < blockColumns; column += 1) {
      const left = Math.floor((column * width) / blockColumns);
      const right = Math.floor(((column + 1) * width) / blockColumns);
      let hash = 0x811c9dc5;
      let [least, most] = [255, 0];
      for (let y = top; y < bottom; y += 1) {
        for (let at = y * width + left; at < y * width + right; at += 1) {
          const value = (pixels[at] ?? 0) | 0;
          hash = Math.imul(hash ^ value, 0x01000193);
          if (value < least) least = value;
          if (value > most) most = value;
        }
      }
      if (most - least < quality.frozen.leastRange) continue;
      hashes[row * blockColumns + column] = (hash >>> 16) ^ (hash & 0xffff) || 1;
    }
  }
  return hashes;
}

/** Columns and rows of tiles in which the steepest edge is looked for; the first and last row bear the camera's texts. */
const FOCUS_COLUMNS = 16;
const FOCUS_ROWS = 9;

function focusOf(plane: LumaPlane): number | null {
  const noise = noiseOf(plane);
  const { leastRange, leastTiles, noiseRange } = quality.blurred;
  const least = Math.max(leastRange, noise * noiseRange);
  const slopes: number[] = [];
  for (let row = 1; row < FOCUS_ROWS - 1; row += 1) {
    for (let column = 0; column < FOCUS_COLUMNS; column += 1) {
      const slope = steepest(plane, column, row, least, noise);
      if (slope !== null) slopes.push(slope);
    }
  }
  if (slopes.length < leastTiles) return null;
  return slopes.toSorted((a, b) => a - b)[Math.floor(slopes.length * quality.blurred.tileShare)] ?? null;
}

function steepest(
  plane: LumaPlane,
  column: number,
  row: number,
  leastRange: number,
  noise: number,
): number | null {
  const { width, height, pixels } = plane;
  const [left, right] = [
    Math.floor((column * width) / FOCUS_COLUMNS),
    Math.floor(((column + 1) * width) / FOCUS_COLUMNS),
  ];
  const [top, bottom] = [
    Math.floor((row * height) / FOCUS_ROWS),
    Math.floor(((row + 1) * height) / FOCUS_ROWS),
  ];
  let [least, most, squared] = [255, 0, 0];
  for (let y = top; y < bottom; y += 1) {
    for (let at = y * width + Math.max(1, left); at < y * width + Math.min(width - 1, right); at += 1) {
      const value = pixels[at] ?? 0;
      if (value < least) least = value;
      if (value > most) most = value;
      const across = (pixels[at + 1] ?? 0) - (pixels[at - 1] ?? 0);
      const down = (pixels[at + width] ?? 0) - (pixels[at - width] ?? 0);
      squared = Math.max(squared, across * across + down * down);
    }
  }
  if (most - least < leastRange) return null;
  // The largest of some thousand differences of two noisy pixels is about five times their deviation.
  const slope = Math.sqrt(Math.max(0, squared - (5 * noise) ** 2));
  return Math.min(1, slope / (most - least));
}

/** Deviation of the sensor's and the encoder's noise: from the flattest fifth of the picture (Immerkær's mask, 1996). */
function noiseOf({ width, height, pixels }: LumaPlane): number {
  const sums: number[] = [];
  const side = 20;
  for (let top = side; top + side < height - side; top += side) {
    for (let left = 1; left + side < width; left += side) {
      let sum = 0;
      for (let y = top; y < top + side; y += 2) {
        for (let at = y * width + left; at < y * width + left + side; at += 2) {
          const cross =
            (pixels[at - 1] ?? 0) +
            (pixels[at + 1] ?? 0) +
            (pixels[at - width] ?? 0) +
            (pixels[at + width] ?? 0);
          const corners =
            (pixels[at - width - 1] ?? 0) +
            (pixels[at - width + 1] ?? 0) +
            (pixels[at + width - 1] ?? 0) +
            (pixels[at + width + 1] ?? 0);
          sum += Math.abs(corners - 2 * cross + 4 * (pixels[at] ?? 0));
        }
      }
      sums.push((sum / (side * side)) * 4);
    }
  }
  const flat = sums.toSorted((a, b) => a - b)[Math.floor(sums.length / 5)] ?? 0;
  return (flat * Math.sqrt(Math.PI / 2)) / 6;
}

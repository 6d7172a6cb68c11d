import sharp from 'sharp';
import type { PictureQuality } from '../contract/snapshot.ts';
import { judgePicture } from './quality/judge-picture.ts';
import { picturesFacts } from './quality/picture-facts.ts';
import type { PictureFacts } from './quality/picture-facts.ts';
import { noMemory } from './quality/picture-memory.ts';

/** Quality of a picture, and whether parts of it were never decoded. */
export interface PictureMeasure {
  /** The verdict is that of the picture alone: nothing is known of its camera yet. */
  quality: PictureQuality;
  facts: PictureFacts;
  /** Slices are missing: take another frame. */
  damaged: boolean;
  /** Share of the picture that is flat in the very grey that a decoder shows without data, 0 … 1. */
  greyShare: number;
}

/** Pixels in rows, three bytes each. */
export interface RgbPicture {
  data: Buffer;
  width: number;
  height: number;
}

interface FlatColour {
  red: number;
  green: number;
  blue: number;
  tolerance: number;
}

/** Width of what is measured, and of the copy that it is made of. */
export const MEASURED_WIDTH = 640;
const COPY_WIDTH = 960;
/** FFmpeg leaves H.265 areas whose slice is missing at Y = Cb = Cr = 0, which is this green once converted. */
const VOID: FlatColour = { red: 0, green: 135, blue: 0, tolerance: 4 };
/** Decoders of H.264 begin with Y = Cb = Cr = 128 where they have nothing. */
const GREY: FlatColour = { red: 128, green: 128, blue: 128, tolerance: 3 };
const FLAT_RUN_PIXELS = 40;
const VOID_SHARE = 0.002;

/** Measures a JPEG on a copy 640 wide. Throws sharp's error when the bytes are no picture. */
export async function measurePicture(jpeg: Buffer): Promise<PictureMeasure> {
  return measureCopy(await measuringCopy(jpeg));
}

/** The copy of a JPEG from which measures and thumb are made, 960 wide at most: one decoding for both. Throws sharp's error when the bytes are no picture. */
export async function measuringCopy(jpeg: Buffer): Promise<RgbPicture> {
  const { data, info } = await sharp(jpeg)
    .resize({ width: COPY_WIDTH, kernel: 'linear', withoutEnlargement: true })
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

export async function measureCopy(copy: RgbPicture): Promise<PictureMeasure> {
  const { data, width, height } = await measured(copy);
  const luma = lumaOf(data);
  const facts = picturesFacts({ width, height, pixels: luma }, meanColour(data));
  const { verdict } = judgePicture(facts, noMemory);
  const sharpness = round(laplacianDeviation(luma, width, height));
  return {
    quality: { luma: round(facts.luma), sharpness, verdict },
    facts,
    damaged: flatShare(data, width, VOID) >= VOID_SHARE,
    greyShare: flatShare(data, width, GREY),
  };
}

/** The thresholds of focus hold for this kernel; a sharper one makes edges steeper. */
async function measured({ data, width, height }: RgbPicture): Promise<RgbPicture> {
  const small = await sharp(data, { raw: { width, height, channels: 3 } })
    .resize({ width: MEASURED_WIDTH, kernel: 'linear' })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data: small.data, width: small.info.width, height: small.info.height };
}

/** BT.601 luminance of RGB triples. */
function lumaOf(rgb: Buffer): Float32Array {
  const luma = new Float32Array(rgb.length / 3);
  for (let pixel = 0, at = 0; pixel < luma.length; pixel += 1, at += 3) {
    luma[pixel] = 0.299 * (rgb[at] ?? 0) + 0.587 * (rgb[at + 1] ?? 0) + 0.114 * (rgb[at + 2] ?? 0);
  }
  return luma;
}

function meanColour(rgb: Buffer): [number, number, number] {
  const sums: [number, number, number] = [0, 0, 0];
  for (let at = 0; at < rgb.length; at += 3) {
    sums[0] += rgb[at] ?? 0;
    sums[1] += rgb[at + 1] ?? 0;
    sums[2] += rgb[at + 2] ?? 0;
  }
  const pixels = rgb.length / 3;
  return [sums[0] / pixels, sums[1] / pixels, sums[2] / pixels];
}

/** Standard deviation of the four-neighbour Laplacian, border left out. */
function laplacianDeviation(luma: Float32Array, width: number, height: number): number {
  let sum = 0;
  let squares = 0;
  let count = 0;
  for (let y = 1; y < height - 1; y += 1) {
    for (let at = y * width + 1; at < (y + 1) * width - 1; at += 1) {
      const around =
        (luma[at - 1] ?? 0) + (luma[at + 1] ?? 0) + (luma[at - width] ?? 0) + (luma[at + width] ?? 0);
      const value = around - 4 * (luma[at] ?? 0);
      sum += value;
      squares += value * value;
      count += 1;
    }
  }
  if (count === 0) return 0;
  return Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2));
}

/** Share of pixels in horizontal runs of the colour; single pixels of a scene do not count, nor does each row's first. */
function flatShare(rgb: Buffer, width: number, colour: FlatColour): number {
  let inRuns = 0;
  const rowBytes = width * 3;
  for (let row = 0; row < rgb.length; row += rowBytes) {
    let run = 0;
    for (let at = row + 3; at < row + rowBytes; at += 3) {
      if (isNear(rgb, at, colour)) {
        run += 1;
        continue;
      }
      if (run >= FLAT_RUN_PIXELS) inRuns += run;
      run = 0;
    }
    if (run >= FLAT_RUN_PIXELS) inRuns += run;
  }
  return inRuns / (rgb.length / 3);
}

function isNear(rgb: Buffer, at: number, { red, green, blue, tolerance }: FlatColour): boolean {
  return (
    Math.abs((rgb[at + 1] ?? 0) - green) <= tolerance &&
    Math.abs((rgb[at] ?? 0) - red) <= tolerance &&
    Math.abs((rgb[at + 2] ?? 0) - blue) <= tolerance
  );
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

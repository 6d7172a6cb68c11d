import sharp from 'sharp';
import { globalShift } from './phase-correlation.ts';
import type { GlobalShift, GreyPicture } from './phase-correlation.ts';

/** How two pictures lie on each other; `shift` in shares of width and height, null when they cannot be matched. */
export interface PictureMatch {
  shift: { x: number; y: number } | null;
  similarity: number;
  moved: boolean;
}

const WIDTH = 128;
const HEIGHT = 64;
/** Below this the shift is a guess: rendered scenes with nothing in common reach 0.1, one view by day and by night 0.3. */
const LEAST_SIMILARITY = 0.15;
/** A mast sways and a lens breathes within this share of the width; more is a moved camera. */
const MOVED_SHARE = 0.015;

/** Compares two JPEGs or WebPs by their structure, not their light. Throws sharp's error when one is no picture. */
export async function comparePictures(left: Buffer, right: Buffer): Promise<PictureMatch> {
  const [first, second] = await Promise.all([greyOf(left), greyOf(right)]);
  const found = globalShift(first, second);
  const similarity = edgeCorrelation(first, second, found);
  if (similarity < LEAST_SIMILARITY) return { shift: null, similarity, moved: true };
  const shift = { x: found.x / WIDTH, y: found.y / HEIGHT };
  return { shift, similarity, moved: Math.hypot(shift.x, (shift.y * 9) / 16) > MOVED_SHARE };
}

async function greyOf(picture: Buffer): Promise<GreyPicture> {
  const data = await sharp(picture)
    .removeAlpha()
    .greyscale()
    .resize({ width: WIDTH, height: HEIGHT, fit: 'fill' })
    .raw()
    .toBuffer();
  return { width: WIDTH, height: HEIGHT, pixels: Float32Array.from(data) };
}

/** Correlation (0…1) of the gradients where the two overlap once the shift is taken out. */
function edgeCorrelation(first: GreyPicture, second: GreyPicture, shift: GlobalShift): number {
  const dx = Math.round(shift.x);
  const dy = Math.round(shift.y);
  const a = gradientOf(first);
  const b = gradientOf(second);
  let [count, sumA, sumB, sumAA, sumBB, sumAB] = [0, 0, 0, 0, 0, 0];
  for (let y = Math.max(1, 1 - dy); y < HEIGHT - 1 - Math.max(0, dy); y += 1) {
    for (let x = Math.max(1, 1 - dx); x < WIDTH - 1 - Math.max(0, dx); x += 1) {
      const va = a[y * WIDTH + x] ?? 0;
      const vb = b[(y + dy) * WIDTH + x + dx] ?? 0;
      count += 1;
      sumA += va;
      sumB += vb;
      sumAA += va * va;
      sumBB += vb * vb;
      sumAB += va * vb;
    }
  }
  const spread = Math.sqrt((sumAA - (sumA * sumA) / count) * (sumBB - (sumB * sumB) / count));
  const covariance = sumAB - (sumA * sumB) / count;
  return spread > 0 ? Math.max(0, Math.min(1, covariance / spread)) : 0;
}

function gradientOf({ pixels }: GreyPicture): Float32Array {
  const gradient = new Float32Array(pixels.length);
  for (let y = 1; y < HEIGHT - 1; y += 1) {
    for (let at = y * WIDTH + 1; at < (y + 1) * WIDTH - 1; at += 1) {
      const x = (pixels[at + 1] ?? 0) - (pixels[at - 1] ?? 0);
      const yy = (pixels[at + WIDTH] ?? 0) - (pixels[at - WIDTH] ?? 0);
      gradient[at] = Math.hypot(x, yy);
    }
  }
  return gradient;
}

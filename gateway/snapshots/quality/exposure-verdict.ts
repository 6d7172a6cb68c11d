import type { PictureFacts } from './picture-facts.ts';
import { columns, rows } from './picture-facts.ts';
import { quality } from './quality-thresholds.ts';

/** What is wrong with the light, or null: `card` is a picture of one colour, as encoders and recorders show without a signal. */
export type ExposureFault = 'black' | 'overexposed' | 'card' | null;

/** Judges the light of a picture; needs no memory. */
export function exposureFault({ cells, luma, saturation }: PictureFacts): ExposureFault {
  const { black, overexposed, covered, textRows } = quality;
  const middle = cells.slice(textRows * columns, (rows - textRows) * columns).toSorted();
  const at = (share: number): number => middle[Math.floor((middle.length - 1) * share)] ?? 0;
  const spread = at(0.98) - at(0.02);
  const lamps = middle.length - firstFrom(middle, black.lampLuma);
  if (luma <= black.luma && spread <= black.spread && at(0.5) <= black.luma && lamps < black.lampCells) {
    // A blue card is as dark as a night.
    return saturation >= covered.cardSaturation && spread <= covered.uniformSpread ? 'card' : 'black';
  }
  const burnt = middle.length - firstFrom(middle, overexposed.cellLuma);
  if (burnt >= overexposed.share * middle.length || luma >= overexposed.luma) return 'overexposed';
  return spread <= covered.uniformSpread && at(0.5) > black.luma ? 'card' : null;
}

/** Place of the first value that is at least `least` in sorted values. */
function firstFrom(sorted: Uint8Array, least: number): number {
  const place = sorted.findIndex((value) => value >= least);
  return place < 0 ? sorted.length : place;
}

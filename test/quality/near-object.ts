import { valueNoise } from '../../scripts/demo-site/picture/noise.ts';
import type { RgbPicture } from './rgb-picture.ts';

/** What hangs, lies or passes in front of the lens, or hides part of the site. */
export type NearObject = 'bag' | 'tarpaulin' | 'paint' | 'hand' | 'board' | 'net' | 'crane' | 'sheet';

type Colour = readonly [number, number, number];

const surfaces: Record<NearObject, { colour: Colour; folds: number; sharp: number }> = {
  bag: { colour: [205, 200, 190], folds: 26, sharp: 0 },
  tarpaulin: { colour: [48, 92, 150], folds: 42, sharp: 0 },
  paint: { colour: [96, 88, 80], folds: 8, sharp: 0 },
  hand: { colour: [140, 100, 84], folds: 22, sharp: 0 },
  board: { colour: [120, 96, 66], folds: 6, sharp: 0 },
  net: { colour: [40, 105, 66], folds: 12, sharp: 26 },
  crane: { colour: [206, 150, 36], folds: 8, sharp: 60 },
  sheet: { colour: [60, 100, 165], folds: 18, sharp: 14 },
};

/**
 * Lays an object over the picture: the part of the width from `left` to `right`, with an edge soft by `softPx` (an object
 * at the lens is out of focus). `light` is that of the scene, 0 … 1. Those with `sharp` stand far enough to show a pattern.
 */
export function cover(
  picture: RgbPicture,
  kind: NearObject,
  {
    left,
    right,
    softPx,
    light,
    seed,
  }: { left: number; right: number; softPx: number; light: number; seed: number },
): void {
  const { width, height, rgb } = picture;
  const { colour, folds, sharp } = surfaces[kind];
  for (let y = 0; y < height; y += 1) {
    const lean = (valueNoise(y / height / 0.6, 1, seed) - 0.5) * 0.12 * width;
    for (let x = 0; x < width; x += 1) {
      const inside = Math.min(x - left * width - lean, right * width + lean - x);
      const share = Math.max(0, Math.min(1, inside / softPx + 0.5));
      if (share === 0) continue;
      let shade = (valueNoise((x / width) * 2.5, (y / width) * 2.5, seed) - 0.5) * 2 * folds;
      if (sharp > 0) shade += pattern(kind, x, y) * sharp;
      for (let c = 0; c < 3; c += 1) {
        const at = (y * width + x) * 3 + c;
        rgb[at] = (rgb[at] ?? 0) * (1 - share) + ((colour[c] ?? 0) + shade) * light * share;
      }
    }
  }
}

function pattern(kind: NearObject, x: number, y: number): number {
  if (kind === 'crane') return (x + y) % 90 < 14 || (x - y + 9000) % 90 < 14 ? 1 : -0.6;
  if (kind === 'net') return x % 9 < 2 || y % 9 < 2 ? 1 : -0.3;
  return y % 120 < 4 || x % 160 < 4 ? 1 : 0;
}

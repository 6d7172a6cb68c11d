import { hash01, seededRandom, valueNoise } from '../../scripts/demo-site/picture/noise.ts';
import type { RgbPicture } from './rgb-picture.ts';
import type { SceneLayers } from './scene-layers.ts';

/** Colour of a veil, sRGB. */
type Colour = readonly [number, number, number];

/** Fog or dust: things fade into `colour` with distance; `visibilityM` is where a twentieth of the contrast is left. */
export function veil(layers: SceneLayers, visibilityM: number, colour: Colour, seed: number): void {
  const { width, rgb, distanceM } = layers;
  const perM = 3 / visibilityM;
  for (let at = 0; at < distanceM.length; at += 1) {
    const x = at % width;
    const y = (at - x) / width;
    const thickness = 0.7 + 0.6 * valueNoise((x / width) * 4, (y / width) * 6, seed);
    const left = Math.exp(-perM * thickness * (distanceM[at] ?? 0));
    for (let c = 0; c < 3; c += 1) {
      rgb[at * 3 + c] = (rgb[at * 3 + c] ?? 0) * left + (colour[c] ?? 0) * (1 - left);
    }
  }
}

/** Snow on the ground and on roofs; `cover` 0 … 1. */
export function snowCover(layers: SceneLayers, cover: number, seed: number): void {
  const { width, rgb, flatGround, distanceM } = layers;
  for (let at = 0; at < flatGround.length; at += 1) {
    if (flatGround[at] === 0) continue;
    const x = at % width;
    const patch = valueNoise(x / 23, ((at - x) / width / 23) * 2, seed);
    const share = Math.max(0, Math.min(1, (cover - patch * 0.5) * 3)) * (distanceM[at]! < 4000 ? 0.92 : 0);
    const light =
      ((rgb[at * 3] ?? 0) * 0.3 + (rgb[at * 3 + 1] ?? 0) * 0.6 + (rgb[at * 3 + 2] ?? 0) * 0.1) / 190;
    for (let c = 0; c < 3; c += 1) {
      rgb[at * 3 + c] = (rgb[at * 3 + c] ?? 0) * (1 - share) + Math.min(1, light) * 238 * share;
    }
  }
}

/** Flakes in the air; `side` 1 is all of the picture, 0.5 its left half. */
export function flakes(picture: RgbPicture, count: number, side: number, seed: number): void {
  const random = seededRandom(seed);
  for (let n = 0; n < count; n += 1) {
    const near = random() ** 6;
    spot(
      picture,
      random() * picture.width * side,
      random() * picture.height,
      0.8 + near * 7,
      0.5 + 0.4 * (1 - near),
    );
  }
}

/** Streaks of rain and the wet, flat light that comes with it. */
export function rain(layers: SceneLayers, strength: number, seed: number): void {
  veil(layers, 2500 / strength, [150, 155, 160], seed);
  const { width, height, rgb } = layers;
  const random = seededRandom(seed + 1);
  for (let at = 0; at < rgb.length; at += 1) rgb[at] = (rgb[at] ?? 0) * 0.82 + 8;
  for (let n = 0; n < 700 * strength; n += 1) {
    const length = 6 + random() * 22;
    const [x0, y0] = [random() * width, random() * height];
    for (let step = 0; step < length; step += 1) lighten(layers, x0 + step * 0.12, y0 + step, 26);
  }
}

/** A lamp, a welding arc or the sun in the lens: a blown core with its glow. */
export function glare(picture: RgbPicture, x: number, y: number, radiusPx: number, strength: number): void {
  const { width, height, rgb } = picture;
  for (let py = 0; py < height; py += 1) {
    for (let px = 0; px < width; px += 1) {
      const far = Math.hypot(px - x * width, py - y * height) / radiusPx;
      const added = (255 * strength) / (1 + far * far);
      if (added < 1) continue;
      for (let c = 0; c < 3; c += 1) rgb[(py * width + px) * 3 + c]! += added * (1 - c * 0.06);
    }
  }
}

/** Drops on the glass: the picture behind them is smeared. */
export function lensDrops(picture: RgbPicture, count: number, seed: number): void {
  const { width, height, rgb } = picture;
  const from = rgb.slice();
  for (let n = 0; n < count; n += 1) {
    const [cx, cy] = [hash01(n, 1, seed) * width, hash01(n, 2, seed) * height];
    const radius = 12 + hash01(n, 3, seed) * 40;
    for (let y = Math.max(0, Math.ceil(cy - radius)); y < Math.min(height, cy + radius); y += 1) {
      for (let x = Math.max(0, Math.ceil(cx - radius)); x < Math.min(width, cx + radius); x += 1) {
        if (Math.hypot(x - cx, y - cy) > radius) continue;
        const sx = Math.round(cx - (x - cx) * 0.25);
        const sy = Math.round(cy - (y - cy) * 0.25);
        if (sx < 0 || sy < 0 || sx >= width || sy >= height) continue;
        for (let c = 0; c < 3; c += 1) rgb[(y * width + x) * 3 + c] = from[(sy * width + sx) * 3 + c] ?? 0;
      }
    }
  }
}

function spot(picture: RgbPicture, x: number, y: number, radius: number, share: number): void {
  const { width, height, rgb } = picture;
  for (let py = Math.max(0, Math.floor(y - radius)); py <= Math.min(height - 1, y + radius); py += 1) {
    for (let px = Math.max(0, Math.floor(x - radius)); px <= Math.min(width - 1, x + radius); px += 1) {
      const inside = share * Math.max(0, Math.min(1, radius + 0.5 - Math.hypot(px - x, py - y)));
      for (let c = 0; c < 3; c += 1) {
        const at = (py * width + px) * 3 + c;
        rgb[at] = (rgb[at] ?? 0) * (1 - inside) + 240 * inside;
      }
    }
  }
}

function lighten({ width, height, rgb }: RgbPicture, x: number, y: number, by: number): void {
  const [px, py] = [Math.round(x), Math.round(y)];
  if (px < 0 || py < 0 || px >= width || py >= height) return;
  for (let c = 0; c < 3; c += 1) rgb[(py * width + px) * 3 + c]! += by;
}

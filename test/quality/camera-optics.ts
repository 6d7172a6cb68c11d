import sharp from 'sharp';
import { seededRandom } from '../../scripts/demo-site/picture/noise.ts';
import type { RgbPicture } from './rgb-picture.ts';

/** Where the camera points within the drawn picture: shares of its own width and height, degrees, and zoom (1 is none). */
export interface Aim {
  x: number;
  y: number;
  rollDeg: number;
  zoom: number;
}

/** Straight ahead. */
export const straight: Aim = { x: 0, y: 0, rollDeg: 0, zoom: 1 };

/** What the sensor sees of the drawn picture when the camera points there, bilinear. */
export function aimed(drawn: RgbPicture, aim: Aim, width: number, height: number): RgbPicture {
  const rgb = new Uint8ClampedArray(width * height * 3);
  const roll = (aim.rollDeg * Math.PI) / 180;
  const [cos, sin] = [Math.cos(roll) / aim.zoom, Math.sin(roll) / aim.zoom];
  const [midX, midY] = [drawn.width / 2 + aim.x * width, drawn.height / 2 + aim.y * height];
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const [dx, dy] = [x - width / 2, y - height / 2];
      bilinear(drawn, midX + dx * cos - dy * sin, midY + dx * sin + dy * cos, rgb, (y * width + x) * 3);
    }
  }
  return { width, height, rgb };
}

function bilinear(
  { width, height, rgb }: RgbPicture,
  x: number,
  y: number,
  to: Uint8ClampedArray,
  at: number,
): void {
  const cx = Math.max(0, Math.min(width - 1.001, x));
  const cy = Math.max(0, Math.min(height - 1.001, y));
  const [left, top] = [Math.floor(cx), Math.floor(cy)];
  const [fx, fy] = [cx - left, cy - top];
  const first = (top * width + left) * 3;
  const second = first + width * 3;
  for (let c = 0; c < 3; c += 1) {
    const upper = (rgb[first + c] ?? 0) * (1 - fx) + (rgb[first + 3 + c] ?? 0) * fx;
    const lower = (rgb[second + c] ?? 0) * (1 - fx) + (rgb[second + 3 + c] ?? 0) * fx;
    to[at + c] = upper * (1 - fy) + lower * fy;
  }
}

/** Out of focus; `sigmaPx` of the picture. */
export async function defocused(picture: RgbPicture, sigmaPx: number): Promise<RgbPicture> {
  if (sigmaPx < 0.3) return picture;
  const { width, height, rgb } = picture;
  const data = await sharp(Buffer.from(rgb.buffer), { raw: { width, height, channels: 3 } })
    .blur(sigmaPx)
    .raw()
    .toBuffer();
  return { width, height, rgb: new Uint8ClampedArray(data) };
}

/** More or less light on the sensor, as in linear light. */
export function exposed({ rgb }: RgbPicture, gain: number): void {
  const table = Uint8ClampedArray.from(
    { length: 256 },
    (_, value) => 255 * ((value / 255) ** 2.2 * gain) ** (1 / 2.2),
  );
  for (let at = 0; at < rgb.length; at += 1) rgb[at] = table[rgb[at] ?? 0] ?? 0;
}

/** A grey picture, as at night with infrared light. */
export function monochrome({ rgb }: RgbPicture): void {
  for (let at = 0; at < rgb.length; at += 3) {
    const grey = (rgb[at] ?? 0) * 0.3 + (rgb[at + 1] ?? 0) * 0.59 + (rgb[at + 2] ?? 0) * 0.11;
    rgb[at] = grey;
    rgb[at + 1] = grey;
    rgb[at + 2] = grey;
  }
}

const FIELD = 1 << 20;
let field: Float32Array | undefined;

/** Noise of a sensor: `sigma` of each pixel, more in the dark; another one for each seed. */
export function grain({ rgb, width }: RgbPicture, sigma: number, seed: number): void {
  if (sigma === 0) return;
  field ??= gaussField();
  const random = seededRandom(seed);
  const pixels = rgb.length / 3;
  let from = 0;
  for (let at = 0; at < pixels; at += 1) {
    if (at % width === 0) from = Math.floor(random() * FIELD);
    const value = (field[(from + at) & (FIELD - 1)] ?? 0) * sigma;
    const dark = 1.25 - (rgb[at * 3 + 1] ?? 0) / 340;
    for (let c = 0; c < 3; c += 1) rgb[at * 3 + c]! += value * dark;
  }
}

function gaussField(): Float32Array {
  const random = seededRandom(4711);
  return Float32Array.from({ length: FIELD }, () => {
    const radius = Math.sqrt(-2 * Math.log(1 - random() * 0.999999));
    return radius * Math.cos(2 * Math.PI * random());
  });
}

const overlays = new Map<string, Promise<Buffer>>();

/** Burns in the camera's clock and name; kept for the texts seen last. */
export async function burnIn(picture: RgbPicture, clock: string, name: string): Promise<void> {
  const { width, height, rgb } = picture;
  const size = Math.round(height / 26);
  const text = (x: number, y: number, said: string): string =>
    `<text x="${x}" y="${y}" font-family="monospace" font-size="${size}" fill="white" stroke="black" stroke-width="1.2" paint-order="stroke">${said}</text>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${text(size, size * 1.6, clock)}${text(width - size * 9, height - size, name)}</svg>`;
  if (overlays.size > 50) overlays.clear();
  const drawn = overlays.get(svg) ?? sharp(Buffer.from(svg)).raw().toBuffer();
  overlays.set(svg, drawn);
  const rgba = await drawn;
  for (let at = 0; at < width * height; at += 1) {
    const share = (rgba[at * 4 + 3] ?? 0) / 255;
    if (share === 0) continue;
    for (let c = 0; c < 3; c += 1)
      rgb[at * 3 + c] = (rgb[at * 3 + c] ?? 0) * (1 - share) + (rgba[at * 4 + c] ?? 0) * share;
  }
}

import { materials, type Face } from './mesh.ts';
import { hash01, valueNoise } from './noise.ts';

/** Colour of a surface point in linear light, written in place to avoid garbage in the pixel loop. */
export interface Surface {
  r: number;
  g: number;
  b: number;
  /** Own light, 0 for none. */
  glow: number;
}

/** sRGB byte to linear light. */
export const linearOf: Float32Array = Float32Array.from({ length: 256 }, (_, v) => {
  const c = v / 255;
  return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
});

function tint(out: Surface, factor: number): void {
  out.r *= factor;
  out.g *= factor;
  out.b *= factor;
}

function lineAt(v: number, period: number, width: number): boolean {
  const r = v / period - Math.floor(v / period);
  return r * period < width;
}

function dirt(out: Surface, x: number, y: number): void {
  const coarse = valueNoise(x * 0.06, y * 0.06, 5);
  const fine = valueNoise(x * 0.9, y * 0.9, 6);
  const grit = valueNoise(x * 4, y * 4, 7);
  tint(out, 0.74 + 0.3 * coarse + 0.12 * fine + 0.08 * grit);
  if (coarse > 0.62) out.b *= 0.92;
}

function concrete(out: Surface, along: number, z: number, seed: number): void {
  tint(
    out,
    0.84 + 0.16 * valueNoise(along * 0.4, z * 0.5, seed + 2) + 0.05 * valueNoise(along * 3, z * 3, seed),
  );
  if (lineAt(along, 3.6, 0.06)) tint(out, 0.86);
}

function net(out: Surface, along: number, z: number, seed: number): void {
  tint(
    out,
    0.78 + 0.26 * valueNoise(along * 0.25, z * 0.35, seed) + 0.1 * valueNoise(along * 1.4, z * 1.1, seed + 1),
  );
  if (lineAt(z, 1.65, 0.12) || lineAt(along, 1.8, 0.12)) tint(out, 0.62);
  else if (hash01(Math.floor(along / 1.8), Math.floor(z / 1.65), seed) > 0.9) tint(out, 1.22);
}

function facade(out: Surface, face: Face, along: number, z: number, lamps: number): void {
  if (Math.abs(face.normal[2]) > 0.5) return;
  const column = Math.floor(along / 3.4);
  const row = Math.floor(z / 3.2);
  const inColumn = along - column * 3.4;
  const inRow = z - row * 3.2;
  if (inColumn < 0.9 || inColumn > 2.7 || inRow < 0.8 || inRow > 2.5) return;
  const dice = hash01(column, row, face.seed);
  if (lamps > 0 && dice < 0.34 * lamps) {
    out.r = 1;
    out.g = 0.74 + dice * 0.3;
    out.b = 0.36 + dice * 0.5;
    out.glow = 0.25 + dice;
    return;
  }
  tint(out, 0.48 + dice * 0.2);
  out.b *= 1.1;
}

function paving(out: Surface, x: number, y: number): void {
  tint(out, 0.86 + 0.14 * valueNoise(x * 0.18, y * 0.18, 21) + 0.08 * valueNoise(x * 2, y * 2, 22));
  if (lineAt(x, 6, 0.1) || lineAt(y, 6, 0.1)) tint(out, 0.82);
}

function water(out: Surface, x: number, y: number): void {
  const long = valueNoise(x * 0.035, y * 0.12, 31);
  const short = valueNoise(x * 0.3, y * 0.9, 32);
  tint(out, 0.72 + 0.34 * long + 0.22 * short);
}

function rebar(out: Surface, x: number, y: number): void {
  if (lineAt(x, 0.6, 0.14) || lineAt(y, 0.6, 0.14)) tint(out, 0.55);
}

function stripes(out: Surface, along: number, z: number): void {
  if (!lineAt(along + z, 2, 1)) return;
  out.r = 0.8;
  out.g = 0.78;
  out.b = 0.74;
}

/** Sets `out` to the face's colour at a point of it. */
export function surfaceAt(out: Surface, face: Face, x: number, y: number, z: number, lamps: number): void {
  out.r = linearOf[(face.color >> 16) & 255]!;
  out.g = linearOf[(face.color >> 8) & 255]!;
  out.b = linearOf[face.color & 255]!;
  out.glow = 0;
  const along = Math.abs(face.normal[0]) > Math.abs(face.normal[1]) ? y : x;
  const flat = Math.abs(face.normal[2]) > 0.7;
  switch (face.material) {
    case materials.plain:
      return;
    case materials.concrete:
      return flat ? paving(out, x, y) : concrete(out, along, z, face.seed);
    case materials.net:
      return net(out, flat ? x : along, flat ? y : z, face.seed);
    case materials.dirt:
      return dirt(out, x, y);
    case materials.paving:
      return paving(out, x, y);
    case materials.facade:
      return facade(out, face, along, z, lamps);
    case materials.water:
      return water(out, x, y);
    case materials.rebar:
      return rebar(out, x, y);
    case materials.grass:
      return tint(out, 0.7 + 0.5 * valueNoise(x * 0.7, y * 0.7, 41) + 0.2 * valueNoise(x * 3, y * 3, 42));
    case materials.stripes:
      return stripes(out, along, z);
    case materials.glow:
      out.glow = lamps;
      return;
    default: {
      const never: never = face.material;
      return never;
    }
  }
}

import type { DayLight } from './day-light.ts';
import { Lighting } from './lighting.ts';
import { surfaceAt, type Surface } from './material.ts';
import { drawFaces, emptyDepthBuffer, type DepthBuffer } from './rasterizer.ts';
import type { Scene } from './scene.ts';
import { Sky } from './sky.ts';
import { perspectiveView, type View } from './view.ts';

/** Samples per pixel along each axis. */
export const oversampling = 2;

/** The still part of a scene: colours and depths at twice the picture's size, so that movers can be laid in. */
export interface Backdrop {
  /** Sample columns and rows (twice the pixels). */
  width: number;
  height: number;
  /** sRGB, three bytes a sample. */
  rgb: Uint8Array;
  depth: DepthBuffer;
  view: View;
  lighting: Lighting;
}

const gammaTable = Uint8Array.from({ length: 4096 }, (_, i) => {
  const c = 1 - Math.exp(-(i / 1024) * 1.35);
  const s = c <= 0.0031308 ? c * 12.92 : 1.055 * c ** (1 / 2.4) - 0.055;
  const contrast = s + (s * s * (3 - 2 * s) - s) * 0.55;
  return Math.round(Math.min(1, contrast * 1.03) * 255);
});

/** Linear light to an sRGB byte, with soft highlights. */
export const toneOf = (linear: number): number =>
  gammaTable[Math.max(0, Math.min(4095, (linear * 1024) | 0))]!;

function paint(backdrop: Backdrop, scene: Scene, light: DayLight, sky: Sky): void {
  const { view, depth, rgb, width, height, lighting } = backdrop;
  const { eye, right, up, forward, focalPx, centerX, centerY } = view;
  const surface: Surface = { r: 0, g: 0, b: 0, glow: 0 };
  const skyColor = new Float32Array(3);
  for (let y = 0; y < height; y += 1) {
    const v = (centerY - y - 0.5) / focalPx;
    for (let x = 0; x < width; x += 1) {
      const at = y * width + x;
      const face = scene.faces[depth.faceIds[at]!];
      if (face === undefined) {
        sky.at(x, y, skyColor);
        rgb[at * 3] = toneOf(skyColor[0]!);
        rgb[at * 3 + 1] = toneOf(skyColor[1]!);
        rgb[at * 3 + 2] = toneOf(skyColor[2]!);
        continue;
      }
      const d = 1 / depth.near[at]!;
      const u = (x + 0.5 - centerX) / focalPx;
      const px = eye[0] + d * (forward[0] + right[0] * u + up[0] * v);
      const py = eye[1] + d * (forward[1] + right[1] * u + up[1] * v);
      const pz = eye[2] + d * (forward[2] + right[2] * u + up[2] * v);
      surfaceAt(surface, face, px, py, pz, light.lamps);
      lighting.shade(surface, face, px, py, pz, d);
      rgb[at * 3] = toneOf(surface.r);
      rgb[at * 3 + 1] = toneOf(surface.g);
      rgb[at * 3 + 2] = toneOf(surface.b);
    }
  }
}

/** Draws the still part of a scene; `plainTopPx` rows at the top hold sky only, equal along each row. */
export function drawBackdrop(
  scene: Scene,
  light: DayLight,
  widthPx: number,
  heightPx: number,
  plainTopPx: number,
): Backdrop {
  const width = widthPx * oversampling;
  const height = heightPx * oversampling;
  const view = perspectiveView(scene.eye, scene.target, scene.fovDeg, width, height);
  const depth = emptyDepthBuffer(width, height);
  drawFaces(depth, view, scene.faces);
  depth.faceIds.fill(-1, 0, plainTopPx * oversampling * width);
  depth.near.fill(1e9, 0, plainTopPx * oversampling * width);
  const lighting = new Lighting(scene, light);
  lighting.castShadows();
  const { forward, focalPx, centerY } = view;
  const horizonY = centerY + (focalPx * forward[2]) / Math.hypot(forward[0], forward[1]);
  const backdrop = { width, height, rgb: new Uint8Array(width * height * 3), depth, view, lighting };
  paint(backdrop, scene, light, new Sky(light, horizonY, plainTopPx * oversampling));
  return backdrop;
}

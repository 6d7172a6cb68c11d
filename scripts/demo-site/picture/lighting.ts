import type { DayLight } from './day-light.ts';
import type { Surface } from './material.ts';
import type { Face } from './mesh.ts';
import { drawFaces, emptyDepthBuffer, type DepthBuffer } from './rasterizer.ts';
import type { Scene } from './scene.ts';
import { dot } from './vec3.ts';
import { sunView, type View } from './view.ts';

const shadowMapPx = 2048;

/** Lights surface points: sun with shadows, sky light, work lights, and the haze of distance. Lives for one clip. */
export class Lighting {
  private readonly light: DayLight;
  private readonly scene: Scene;
  private readonly shadowView: View;
  private readonly shadowMap: DepthBuffer;

  constructor(scene: Scene, light: DayLight) {
    this.scene = scene;
    this.light = light;
    this.shadowView = sunView(light.toSun, scene.shadowCenter, scene.shadowRadiusM, shadowMapPx);
    this.shadowMap = emptyDepthBuffer(shadowMapPx, shadowMapPx);
  }

  /** Draws the shadow map; call once before `shade`. */
  castShadows(): void {
    drawFaces(this.shadowMap, this.shadowView, this.scene.faces);
  }

  private tap(x: number, y: number, near: number): number {
    if (x < 0 || y < 0 || x >= shadowMapPx || y >= shadowMapPx) return 1;
    return this.shadowMap.near[y * shadowMapPx + x]! > near ? 0 : 1;
  }

  /** Share of the sun that reaches a point, 0–1. */
  sunAt(px: number, py: number, pz: number): number {
    const v = this.shadowView;
    const dx = px - v.eye[0];
    const dy = py - v.eye[1];
    const dz = pz - v.eye[2];
    const sx = v.centerX + (dx * v.right[0] + dy * v.right[1] + dz * v.right[2]) * v.focalPx - 0.5;
    const sy = v.centerY - (dx * v.up[0] + dy * v.up[1] + dz * v.up[2]) * v.focalPx - 0.5;
    const near = -(dx * v.forward[0] + dy * v.forward[1] + dz * v.forward[2]) + 0.45;
    const x = Math.floor(sx);
    const y = Math.floor(sy);
    const fx = sx - x;
    const fy = sy - y;
    const top = this.tap(x, y, near) * (1 - fx) + this.tap(x + 1, y, near) * fx;
    const bottom = this.tap(x, y + 1, near) * (1 - fx) + this.tap(x + 1, y + 1, near) * fx;
    return top * (1 - fy) + bottom * fy;
  }

  private lampsAt(face: Face, px: number, py: number, pz: number): number {
    let sum = 0;
    for (const lamp of this.scene.lamps) {
      const dx = lamp.at[0] - px;
      const dy = lamp.at[1] - py;
      const dz = lamp.at[2] - pz;
      const d2 = dx * dx + dy * dy + dz * dz + 4;
      const facing = (dx * face.normal[0] + dy * face.normal[1] + dz * face.normal[2]) / Math.sqrt(d2);
      if (facing > -0.1) sum += ((0.25 + 0.75 * Math.max(0, facing)) * lamp.reachM * lamp.reachM) / d2;
    }
    return sum * this.light.lamps;
  }

  /** Turns a surface colour at a point into the light that reaches the camera, in place. */
  shade(out: Surface, face: Face, px: number, py: number, pz: number, distanceM: number): void {
    const { sun, ambient, toSun, skyHorizon, fogPerM } = this.light;
    const facing = Math.max(0, dot(face.normal, toSun));
    const direct = facing > 0 ? facing * this.sunAt(px, py, pz) : 0;
    const sky = 0.72 + 0.28 * face.normal[2];
    const lamps = this.light.lamps > 0.2 ? this.lampsAt(face, px, py, pz) : 0;
    const fog = 1 - Math.exp(-distanceM * fogPerM);
    const own = out.glow;
    const r = out.r * (ambient[0] * sky + sun[0] * direct + lamps + own);
    const g = out.g * (ambient[1] * sky + sun[1] * direct + lamps * 0.86 + own);
    const b = out.b * (ambient[2] * sky + sun[2] * direct + lamps * 0.62 + own);
    out.r = r + (skyHorizon[0] - r) * fog;
    out.g = g + (skyHorizon[1] - g) * fog;
    out.b = b + (skyHorizon[2] - b) * fog;
  }
}

import { oversampling, toneOf, type Backdrop } from './backdrop.ts';
import { surfaceAt, type Surface } from './material.ts';
import { placed, type Face } from './mesh.ts';
import { drawFace, projectFace, type PixelBox } from './rasterizer.ts';
import type { Scene } from './scene.ts';
import { add, scale, type Vec3 } from './vec3.ts';

const shadowFaceId = -2;
const emptyBox: PixelBox = { left: 0, top: 0, right: 0, bottom: 0 };

/** Lays the movers of a scene over its backdrop, frame by frame; what it drew last is put back first. */
export class MovingPicture {
  private readonly scene: Scene;
  private readonly backdrop: Backdrop;
  private readonly toSun: Vec3;
  private readonly lamps: number;
  /** Samples as drawn now: backdrop plus movers. */
  readonly rgb: Uint8Array;
  private readonly stillNear: Float32Array;
  private dirty: PixelBox[] = [];

  constructor(scene: Scene, backdrop: Backdrop, toSun: Vec3, lamps: number) {
    this.scene = scene;
    this.backdrop = backdrop;
    this.toSun = toSun;
    this.lamps = lamps;
    this.rgb = backdrop.rgb.slice();
    this.stillNear = backdrop.depth.near.slice();
  }

  /** Draws the moment; gives the boxes (in samples) that differ from the frame before. */
  drawAt(tSec: number): PixelBox[] {
    const old = this.dirty;
    for (const box of old) this.restore(box);
    this.dirty = [];
    for (const mover of this.scene.movers) {
      const pose = mover.poseAt(tSec);
      const faces = placed(mover.faces, pose.at, pose.angleRad);
      if (mover.groundZ !== undefined) this.drawShadow(faces, mover.groundZ);
      this.drawFacesOf(faces);
    }
    return [...old, ...this.dirty];
  }

  private restore(box: PixelBox): void {
    const { width } = this.backdrop;
    for (let y = box.top; y < box.bottom; y += 1) {
      const from = y * width + box.left;
      const to = y * width + box.right;
      this.rgb.set(this.backdrop.rgb.subarray(from * 3, to * 3), from * 3);
      this.backdrop.depth.near.set(this.stillNear.subarray(from, to), from);
    }
  }

  private boundsOf(faces: readonly Face[]): PixelBox {
    let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
    for (const face of faces) {
      for (const [x, y] of projectFace(this.backdrop.view, face)) {
        left = Math.min(left, x);
        right = Math.max(right, x);
        top = Math.min(top, y);
        bottom = Math.max(bottom, y);
      }
    }
    if (!(left < right)) return emptyBox;
    const even = (v: number): number => Math.floor(v / 4) * 4;
    const box = {
      left: Math.max(0, even(left)),
      top: Math.max(0, even(top)),
      right: Math.min(this.backdrop.width, even(right + 5)),
      bottom: Math.min(this.backdrop.height, even(bottom + 5)),
    };
    return box.left < box.right && box.top < box.bottom ? box : emptyBox;
  }

  private drawShadow(faces: Face[], groundZ: number): void {
    if (this.lamps > 0.9) return;
    const flat = faces
      .filter((face) => face.normal[2] > -0.5)
      .map((face): Face => {
        const corners = face.corners.map((corner): Vec3 => {
          const down = (corner[2] - groundZ) / Math.max(0.15, this.toSun[2]);
          const p = add(corner, scale(this.toSun, -down));
          return [p[0], p[1], groundZ + 0.06];
        });
        return { ...face, corners, normal: [0, 0, 1] };
      });
    const box = this.boundsOf(flat);
    if (box === emptyBox) return;
    this.dirty.push(box);
    const { depth, view, width } = this.backdrop;
    for (const face of flat) {
      drawFace(depth, view, face, shadowFaceId, box);
      drawFace(depth, view, { ...face, corners: face.corners.toReversed() }, shadowFaceId, box);
    }
    this.darken(box, depth.faceIds, depth.near, width);
  }

  private darken(box: PixelBox, faceIds: Int32Array, near: Float32Array, width: number): void {
    for (let y = box.top; y < box.bottom; y += 1) {
      for (let at = y * width + box.left; at < y * width + box.right; at += 1) {
        if (faceIds[at] !== shadowFaceId) continue;
        faceIds[at] = -1;
        const lift = near[at]! / this.stillNear[at]!;
        near[at] = this.stillNear[at]!;
        if (lift > 1.01) continue;
        for (let c = at * 3; c < at * 3 + 3; c += 1) this.rgb[c] = this.rgb[c]! * 0.62;
      }
    }
  }

  private drawFacesOf(faces: Face[]): void {
    const box = this.boundsOf(faces);
    if (box === emptyBox) return;
    this.dirty.push(box);
    const { depth, view, width } = this.backdrop;
    const first = 1_000_000;
    for (let i = 0; i < faces.length; i += 1) drawFace(depth, view, faces[i]!, first + i, box);
    const colors = Uint8Array.from(faces.flatMap((face) => this.colorOf(face)));
    const { faceIds } = depth;
    for (let y = box.top; y < box.bottom; y += 1) {
      for (let at = y * width + box.left; at < y * width + box.right; at += 1) {
        const color = (faceIds[at]! - first) * 3;
        if (color < 0) continue;
        faceIds[at] = -1;
        this.rgb[at * 3] = colors[color]!;
        this.rgb[at * 3 + 1] = colors[color + 1]!;
        this.rgb[at * 3 + 2] = colors[color + 2]!;
      }
    }
  }

  private colorOf(face: Face): [number, number, number] {
    const surface: Surface = { r: 0, g: 0, b: 0, glow: 0 };
    const [p] = face.corners;
    const { eye } = this.backdrop.view;
    if (p === undefined) return [0, 0, 0];
    surfaceAt(surface, face, p[0], p[1], p[2], this.lamps);
    const distance = Math.hypot(p[0] - eye[0], p[1] - eye[1], p[2] - eye[2]);
    this.backdrop.lighting.shade(surface, face, p[0], p[1], p[2], distance);
    return [toneOf(surface.r), toneOf(surface.g), toneOf(surface.b)];
  }
}

/** Averages a box of samples down to pixels of planar YUV 4:2:0 (BT.709, video range). */
export function writeYuv(
  rgb: Uint8Array,
  sampleWidth: number,
  box: PixelBox,
  yuv: Uint8Array,
  heightPx: number,
): void {
  const widthPx = sampleWidth / oversampling;
  const uAt = widthPx * heightPx;
  const vAt = uAt + (widthPx / 2) * (heightPx / 2);
  const row = sampleWidth * 3;
  for (let y = box.top; y < box.bottom; y += 4) {
    for (let x = box.left; x < box.right; x += 4) {
      let sr = 0;
      let sg = 0;
      let sb = 0;
      for (let q = 0; q < 4; q += 1) {
        const sx = x + (q & 1) * 2;
        const sy = y + (q >> 1) * 2;
        const at = sy * row + sx * 3;
        const r = rgb[at]! + rgb[at + 3]! + rgb[at + row]! + rgb[at + row + 3]!;
        const g = rgb[at + 1]! + rgb[at + 4]! + rgb[at + row + 1]! + rgb[at + row + 4]!;
        const b = rgb[at + 2]! + rgb[at + 5]! + rgb[at + row + 2]! + rgb[at + row + 5]!;
        yuv[(sy >> 1) * widthPx + (sx >> 1)] = 16.5 + (0.1826 * r + 0.6142 * g + 0.062 * b) / 4;
        sr += r;
        sg += g;
        sb += b;
      }
      const c = (y >> 2) * (widthPx / 2) + (x >> 2);
      yuv[uAt + c] = 128.5 + (-0.1006 * sr - 0.3386 * sg + 0.4392 * sb) / 16;
      yuv[vAt + c] = 128.5 + (0.4392 * sr - 0.3989 * sg - 0.0403 * sb) / 16;
    }
  }
}

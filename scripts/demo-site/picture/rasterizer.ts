import type { Face } from './mesh.ts';
import { toView, type View } from './view.ts';
import { dot, sub, type Vec3 } from './vec3.ts';

/** What is nearest at each pixel. `near` holds 1/depth (perspective) or −depth (parallel): greater is nearer. */
export interface DepthBuffer {
  width: number;
  height: number;
  near: Float32Array;
  /** Index of the face seen, −1 for none. */
  faceIds: Int32Array;
}

/** Pixel bounds, end exclusive. */
export interface PixelBox {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

const nearPlaneM = 0.3;

/** An empty depth buffer of the given size. */
export function emptyDepthBuffer(width: number, height: number): DepthBuffer {
  const near = new Float32Array(width * height).fill(-1e9);
  return { width, height, near, faceIds: new Int32Array(width * height).fill(-1) };
}

function clipNear(points: Vec3[]): Vec3[] {
  const kept: Vec3[] = [];
  for (let i = 0; i < points.length; i += 1) {
    const a = points[i]!;
    const b = points[(i + 1) % points.length]!;
    const aIn = a[2] >= nearPlaneM;
    if (aIn) kept.push(a);
    if (aIn !== b[2] >= nearPlaneM) {
      const t = (nearPlaneM - a[2]) / (b[2] - a[2]);
      kept.push([a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, nearPlaneM]);
    }
  }
  return kept;
}

/** The face's corners on the screen as [x, y, nearness]; empty when it faces away or lies behind the viewer. */
export function projectFace(view: View, face: Face): Vec3[] {
  const [first] = face.corners;
  if (first === undefined) return [];
  const facing = view.parallel ? -dot(face.normal, view.forward) : dot(face.normal, sub(view.eye, first));
  if (facing <= 0) return [];
  let points = face.corners.map((corner) => toView(view, corner));
  if (view.parallel) {
    return points.map((p) => [view.centerX + p[0] * view.focalPx, view.centerY - p[1] * view.focalPx, -p[2]]);
  }
  if (points.some((p) => p[2] < nearPlaneM)) points = clipNear(points);
  return points.map((p) => {
    const inverse = 1 / p[2];
    return [
      view.centerX + p[0] * inverse * view.focalPx,
      view.centerY - p[1] * inverse * view.focalPx,
      inverse,
    ];
  });
}

function fillTriangle(buffer: DepthBuffer, a: Vec3, b: Vec3, c: Vec3, id: number, box: PixelBox): void {
  const area = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
  if (Math.abs(area) < 1e-9) return;
  const left = Math.max(box.left, Math.ceil(Math.min(a[0], b[0], c[0]) - 0.5));
  const right = Math.min(box.right - 1, Math.floor(Math.max(a[0], b[0], c[0]) - 0.5));
  const top = Math.max(box.top, Math.ceil(Math.min(a[1], b[1], c[1]) - 0.5));
  const bottom = Math.min(box.bottom - 1, Math.floor(Math.max(a[1], b[1], c[1]) - 0.5));
  const { near, faceIds, width } = buffer;
  const inv = 1 / area;
  const wbDx = (c[1] - a[1]) * inv;
  const wbDy = -(c[0] - a[0]) * inv;
  const wcDx = -(b[1] - a[1]) * inv;
  const wcDy = (b[0] - a[0]) * inv;
  const dzx = wbDx * (b[2] - a[2]) + wcDx * (c[2] - a[2]);
  for (let y = top; y <= bottom; y += 1) {
    const py = y + 0.5 - a[1];
    const px = left + 0.5 - a[0];
    let wb = wbDx * px + wbDy * py;
    let wc = wcDx * px + wcDy * py;
    let z = a[2] + wb * (b[2] - a[2]) + wc * (c[2] - a[2]);
    let at = y * width + left;
    for (let x = left; x <= right; x += 1) {
      if (wb >= 0 && wc >= 0 && wb + wc <= 1 && z > near[at]!) {
        near[at] = z;
        faceIds[at] = id;
      }
      wb += wbDx;
      wc += wcDx;
      z += dzx;
      at += 1;
    }
  }
}

/** Draws one face into the buffer within `box`; `id` is what `faceIds` will hold where it is nearest. */
export function drawFace(buffer: DepthBuffer, view: View, face: Face, id: number, box: PixelBox): void {
  const points = projectFace(view, face);
  for (let i = 2; i < points.length; i += 1) {
    fillTriangle(buffer, points[0]!, points[i - 1]!, points[i]!, id, box);
  }
}

/** Draws all faces over the whole buffer; ids are positions in the list. */
export function drawFaces(buffer: DepthBuffer, view: View, faces: readonly Face[]): void {
  const box = { left: 0, top: 0, right: buffer.width, bottom: buffer.height };
  for (let id = 0; id < faces.length; id += 1) drawFace(buffer, view, faces[id]!, id, box);
}

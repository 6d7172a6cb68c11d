import { add, cross, dot, normalize, scale, sub, type Vec3 } from './vec3.ts';

/** A projection to pixels: perspective for the camera, parallel for the sun's shadow map. */
export interface View {
  eye: Vec3;
  right: Vec3;
  up: Vec3;
  forward: Vec3;
  /** Pixels per unit of x/z (perspective) or per metre (parallel). */
  focalPx: number;
  centerX: number;
  centerY: number;
  parallel: boolean;
}

/** A perspective view: eye, the point looked at, horizontal field of view in degrees, size in pixels. */
export function perspectiveView(
  eye: Vec3,
  target: Vec3,
  fovDeg: number,
  widthPx: number,
  heightPx: number,
): View {
  const forward = normalize(sub(target, eye));
  const right = normalize(cross(forward, [0, 0, 1]));
  const up = cross(right, forward);
  const focalPx = widthPx / 2 / Math.tan((fovDeg * Math.PI) / 360);
  return { eye, right, up, forward, focalPx, centerX: widthPx / 2, centerY: heightPx / 2, parallel: false };
}

/** A parallel view along the sun's rays over a disc of ground, for the shadow map. */
export function sunView(toSun: Vec3, center: Vec3, radiusM: number, sizePx: number): View {
  const forward = scale(toSun, -1);
  const right = normalize(cross(forward, [0, 0, 1]));
  const up = cross(right, forward);
  const eye = add(center, scale(toSun, radiusM * 4));
  return {
    eye,
    right,
    up,
    forward,
    focalPx: sizePx / 2 / radiusM,
    centerX: sizePx / 2,
    centerY: sizePx / 2,
    parallel: true,
  };
}

/** A point in the view's own axes: right, up, depth (metres). */
export function toView(view: View, p: Vec3): Vec3 {
  const d = sub(p, view.eye);
  return [dot(d, view.right), dot(d, view.up), dot(d, view.forward)];
}

import { add, cross, normalize, scale, sub, turn, type Vec3 } from './vec3.ts';

/** How a face's colour varies over it; drawn by `material.ts`. */
export const materials = {
  plain: 0,
  concrete: 1,
  net: 2,
  dirt: 3,
  paving: 4,
  facade: 5,
  water: 6,
  glow: 7,
  rebar: 8,
  grass: 9,
  stripes: 10,
} as const;

/** One of the material numbers. */
export type Material = (typeof materials)[keyof typeof materials];

/** A flat convex polygon with an outward normal; the colour is sRGB, 0xRRGGBB. */
export interface Face {
  corners: Vec3[];
  normal: Vec3;
  color: number;
  material: Material;
  seed: number;
}

/** Collects the faces of an object or a whole scene. */
export class Mesh {
  readonly faces: Face[] = [];

  /** Adds a polygon; corners run counter-clockwise seen from outside. */
  face(corners: Vec3[], color: number, material: Material = materials.plain, seed = 0): void {
    const [a, b, c] = corners;
    if (a === undefined || b === undefined || c === undefined) return;
    this.faces.push({ corners, normal: normalize(cross(sub(b, a), sub(c, a))), color, material, seed });
  }

  /** Adds a box standing on `base` (its centre), of the given size, turned about the vertical. */
  box(
    base: Vec3,
    size: Vec3,
    color: number,
    material: Material = materials.plain,
    angleRad = 0,
    seed = 0,
  ): void {
    const hx = size[0] / 2;
    const hy = size[1] / 2;
    const at = (x: number, y: number, z: number): Vec3 => add(base, turn([x, y, z], angleRad));
    const bottom = [at(-hx, -hy, 0), at(hx, -hy, 0), at(hx, hy, 0), at(-hx, hy, 0)] as const;
    const top = [
      at(-hx, -hy, size[2]),
      at(hx, -hy, size[2]),
      at(hx, hy, size[2]),
      at(-hx, hy, size[2]),
    ] as const;
    this.face([...top], color, material, seed);
    this.face([bottom[3], bottom[2], bottom[1], bottom[0]], color, material, seed);
    for (let side = 0; side < 4; side += 1) {
      const next = (side + 1) % 4;
      this.face([bottom[side]!, bottom[next]!, top[next]!, top[side]!], color, material, seed);
    }
  }

  /** Adds a bar of square section between two points. */
  bar(from: Vec3, to: Vec3, thicknessM: number, color: number, material: Material = materials.plain): void {
    const along = normalize(sub(to, from));
    const side = normalize(Math.abs(along[2]) > 0.9 ? cross(along, [1, 0, 0]) : cross(along, [0, 0, 1]));
    const up = cross(side, along);
    const h = thicknessM / 2;
    const ring = (p: Vec3): Vec3[] =>
      [
        [-h, -h],
        [h, -h],
        [h, h],
        [-h, h],
      ].map(([s, u]) => add(p, add(scale(side, s!), scale(up, u!))));
    const a = ring(from);
    const b = ring(to);
    for (let i = 0; i < 4; i += 1) {
      const j = (i + 1) % 4;
      this.face([a[j]!, a[i]!, b[i]!, b[j]!], color, material);
    }
  }

  /** Adds a closed round column or drum with its axis from `from` to `to`. */
  cylinder(
    from: Vec3,
    to: Vec3,
    radiusM: number,
    color: number,
    material: Material = materials.plain,
    sides = 12,
  ): void {
    const along = normalize(sub(to, from));
    const side = normalize(Math.abs(along[2]) > 0.9 ? cross(along, [1, 0, 0]) : cross(along, [0, 0, 1]));
    const up = cross(side, along);
    const ring = (p: Vec3): Vec3[] =>
      Array.from({ length: sides }, (_, i) => {
        const a = (i / sides) * Math.PI * 2;
        return add(p, add(scale(side, Math.cos(a) * radiusM), scale(up, Math.sin(a) * radiusM)));
      });
    const a = ring(from);
    const b = ring(to);
    for (let i = 0; i < sides; i += 1) {
      const j = (i + 1) % sides;
      this.face([a[j]!, a[i]!, b[i]!, b[j]!], color, material);
    }
    this.face(b.toReversed(), color, material);
    this.face(a, color, material);
  }
}

/** The faces moved: turned about the vertical, then shifted. */
export function placed(faces: readonly Face[], at: Vec3, angleRad: number): Face[] {
  return faces.map((face) => ({
    ...face,
    corners: face.corners.map((corner) => add(turn(corner, angleRad), at)),
    normal: turn(face.normal, angleRad),
  }));
}

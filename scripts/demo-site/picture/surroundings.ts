import { materials, type Mesh } from './mesh.ts';
import { seededRandom } from './noise.ts';
import type { Vec3 } from './vec3.ts';

const facadeColors = [0xb9b5ab, 0xa9adb0, 0xc4bba8, 0x9fa6ab, 0xb3a595, 0xcac7c0];

/** Rows of city blocks within a band of distances from `center`, over an arc in radians. */
export function skyline(
  mesh: Mesh,
  center: Vec3,
  nearM: number,
  farM: number,
  arc: [number, number],
  count: number,
  seed: number,
): void {
  const random = seededRandom(seed);
  for (let i = 0; i < count; i += 1) {
    const angle = arc[0] + (arc[1] - arc[0]) * ((i + random() * 0.8) / count);
    const distance = nearM + (farM - nearM) * random();
    const wide = 18 + random() * 22;
    const high = 20 + random() ** 2 * (distance > (nearM + farM) / 2 ? 88 : 52);
    const at: Vec3 = [center[0] + Math.cos(angle) * distance, center[1] + Math.sin(angle) * distance, 0];
    const color = facadeColors[Math.floor(random() * facadeColors.length)]!;
    mesh.box(at, [wide, wide * 0.7, high], color, materials.facade, 0, seed + i);
    mesh.box([at[0], at[1], high], [wide * 0.4, wide * 0.3, 3.5], 0x9a988f);
  }
}

/** Ground out to the horizon, and a band of trees is left to `trees`. */
export function ground(mesh: Mesh, color: number, sizeM: number, z = 0): void {
  const s = sizeM / 2;
  mesh.face(
    [
      [-s, -s, z],
      [s, -s, z],
      [s, s, z],
      [-s, s, z],
    ],
    color,
    materials.dirt,
  );
}

/** A flat rectangle lying on the ground. */
export function slab(
  mesh: Mesh,
  x0: number,
  y0: number,
  x1: number,
  y1: number,
  z: number,
  color: number,
  material = materials.paving as (typeof materials)[keyof typeof materials],
): void {
  mesh.face(
    [
      [x0, y0, z],
      [x1, y0, z],
      [x1, y1, z],
      [x0, y1, z],
    ],
    color,
    material,
  );
}

/** An upright rectangle along a line; it faces the right hand of one who walks from `from` to `to`. */
export function wall(
  mesh: Mesh,
  from: [number, number],
  to: [number, number],
  lowZ: number,
  highZ: number,
  color: number,
  seed: number,
): void {
  mesh.face(
    [
      [...from, lowZ],
      [...to, lowZ],
      [...to, highZ],
      [...from, highZ],
    ],
    color,
    materials.concrete,
    seed,
  );
}

/** A site hoarding along a line: white panels with a blue foot. */
export function hoarding(mesh: Mesh, from: Vec3, to: Vec3): void {
  const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
  const angle = Math.atan2(to[1] - from[1], to[0] - from[0]);
  const mid: Vec3 = [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2, from[2]];
  mesh.box([mid[0], mid[1], mid[2] + 0.5], [length, 0.12, 2], 0xe4e6e4, materials.plain, angle);
  mesh.box(mid, [length, 0.2, 0.5], 0x2f74b5, materials.plain, angle);
  const posts = Math.floor(length / 6);
  for (let i = 0; i <= posts; i += 1) {
    const t = i / posts;
    mesh.box(
      [from[0] + (to[0] - from[0]) * t, from[1] + (to[1] - from[1]) * t, from[2]],
      [0.3, 0.3, 2.7],
      0x2f74b5,
    );
  }
}

/** Round trees scattered over a rectangle. */
export function trees(
  mesh: Mesh,
  x0: number,
  y0: number,
  x1: number,
  y1: number,
  count: number,
  seed: number,
): void {
  const random = seededRandom(seed);
  for (let i = 0; i < count; i += 1) {
    const x = x0 + (x1 - x0) * random();
    const y = y0 + (y1 - y0) * random();
    const r = 1.6 + random() * 1.8;
    mesh.cylinder([x, y, 0], [x, y, 2.4], 0.22, 0x5b4a38, materials.plain, 6);
    mesh.cylinder([x, y, 1.8], [x, y, 2 + r], r, 0x4a6b35, materials.grass, 8);
    mesh.cylinder([x, y, 2 + r], [x, y, 2.2 + r * 1.9], r * 0.68, 0x55783c, materials.grass, 8);
  }
}

/** Site cabins stacked in rows: white boxes with blue roofs and windows. */
export function cabins(mesh: Mesh, at: Vec3, count: number, storeys: number, angleRad: number): void {
  const length = count * 6;
  for (let s = 0; s < storeys; s += 1) {
    mesh.box([at[0], at[1], at[2] + s * 2.9], [length, 5, 2.7], 0xe9eae6, materials.facade, angleRad, 7);
    mesh.box(
      [at[0], at[1], at[2] + s * 2.9 + 2.7],
      [length + 0.6, 6, 0.2],
      0x2c6fae,
      materials.plain,
      angleRad,
    );
  }
}

/** Bundles of reinforcing bars lying on sleepers. */
export function barStacks(mesh: Mesh, at: Vec3, rows: number, angleRad: number): void {
  for (let i = 0; i < rows; i += 1) {
    const dx = -Math.sin(angleRad) * i * 2.6;
    const dy = Math.cos(angleRad) * i * 2.6;
    mesh.box([at[0] + dx, at[1] + dy, at[2]], [12, 1.7, 0.35], 0x6b5a48, materials.plain, angleRad);
    mesh.box([at[0] + dx, at[1] + dy, at[2] + 0.35], [11.6, 1.5, 0.55], 0x9c4a2a, materials.rebar, angleRad);
  }
}

/** A heap of sand or earth, partly under a green cover. */
export function heap(mesh: Mesh, at: Vec3, radiusM: number, color: number): void {
  const sides = 14;
  const tip: Vec3 = [at[0], at[1], at[2] + radiusM * 0.5];
  const ring = Array.from({ length: sides }, (_, i): Vec3 => {
    const a = (i / sides) * Math.PI * 2;
    const r = radiusM * (0.85 + 0.3 * ((i * 7) % 5) * 0.2);
    return [at[0] + Math.cos(a) * r, at[1] + Math.sin(a) * r, at[2]];
  });
  for (let i = 0; i < sides; i += 1)
    mesh.face([ring[i]!, ring[(i + 1) % sides]!, tip], color, materials.grass);
}

import { Mesh, materials, type Face } from './mesh.ts';

function wheels(mesh: Mesh, xs: readonly number[], halfWidthM: number, radiusM: number): void {
  for (const x of xs) {
    for (const side of [-1, 1]) {
      const y = side * halfWidthM;
      mesh.cylinder([x, y - 0.22, radiusM], [x, y + 0.22, radiusM], radiusM, 0x25262a, materials.plain, 10);
    }
  }
}

function cab(mesh: Mesh, x: number, color: number): void {
  mesh.box([x, 0, 0.7], [2.1, 2.4, 2.2], color);
  mesh.box([x + 1.06, 0, 1.75], [0.06, 2.1, 0.9], 0x27333c);
  mesh.box([x + 0.2, 0, 1.8], [1.1, 2.44, 0.75], 0x2c3943);
  mesh.box([x + 1.08, 0.8, 0.95], [0.06, 0.35, 0.25], 0xfff2c8, materials.glow);
  mesh.box([x + 1.08, -0.8, 0.95], [0.06, 0.35, 0.25], 0xfff2c8, materials.glow);
}

/** A dump truck heading along +x, its middle at the origin. */
export function dumpTruck(cabColor: number, bodyColor: number): Face[] {
  const mesh = new Mesh();
  mesh.box([0, 0, 0.6], [8, 1.6, 0.4], 0x33353a);
  cab(mesh, 3, cabColor);
  mesh.box([-1.1, 0, 1], [5.6, 2.5, 1.7], bodyColor);
  mesh.box([-1.1, 0, 2.66], [5.2, 2.1, 0.25], 0x8f7350, materials.dirt);
  wheels(mesh, [-2.9, -1.6, 2.9], 1.05, 0.55);
  return mesh.faces;
}

/** A concrete mixer heading along +x. */
export function mixerTruck(cabColor: number): Face[] {
  const mesh = new Mesh();
  mesh.box([0, 0, 0.6], [8.4, 1.6, 0.45], 0x33353a);
  cab(mesh, 3.2, cabColor);
  mesh.cylinder([-3.6, 0, 2.9], [-1.9, 0, 2.55], 0.85, 0xe2e0d8, materials.plain, 12);
  mesh.cylinder([-2, 0, 2.5], [1.6, 0, 2.05], 1.25, 0xe9e7e0, materials.plain, 14);
  mesh.cylinder([-1.3, 0, 2.42], [-0.7, 0, 2.34], 1.29, 0x2f73b8, materials.plain, 14);
  wheels(mesh, [-2.9, -1.6, 2.9], 1.05, 0.55);
  return mesh.faces;
}

/** A van or car heading along +x. */
export function van(color: number): Face[] {
  const mesh = new Mesh();
  mesh.box([0, 0, 0.4], [4.8, 1.9, 0.9], color);
  mesh.box([-0.4, 0, 1.3], [3.3, 1.8, 0.75], 0x2a353f);
  mesh.box([-0.4, 0, 1.95], [3.2, 1.75, 0.14], color);
  mesh.box([2.41, 0, 0.75], [0.05, 1.5, 0.25], 0xfff2c8, materials.glow);
  wheels(mesh, [-1.5, 1.5], 0.85, 0.38);
  return mesh.faces;
}

/** The tracks of an excavator, which stand still. */
export function excavatorTracks(): Face[] {
  const mesh = new Mesh();
  for (const y of [-1.2, 1.2]) mesh.box([0, y, 0], [4, 0.65, 0.95], 0x2d2e31);
  mesh.box([0, 0, 0.4], [2.2, 2, 0.6], 0x44464a);
  return mesh.faces;
}

/** The turning part of an excavator: house, boom, stick, bucket along +x. */
export function excavatorHouse(color: number): Face[] {
  const mesh = new Mesh();
  mesh.box([-0.7, 0, 1], [4, 2.7, 1.3], color);
  mesh.box([0.8, 0.75, 1.2], [1.4, 1.1, 1.8], color);
  mesh.box([1.1, 0.75, 1.9], [0.9, 1.14, 0.9], 0x27323b);
  mesh.box([-2.5, 0, 1.1], [0.6, 2.6, 1.1], 0x3b3c3f);
  mesh.bar([1.2, -0.4, 1.8], [4.4, -0.4, 4.7], 0.6, color);
  mesh.bar([4.4, -0.4, 4.7], [6, -0.4, 4.2], 0.52, color);
  mesh.bar([5.9, -0.4, 4.3], [7.1, -0.4, 1.5], 0.42, color);
  mesh.box([7, -0.4, 0.55], [0.9, 1.2, 0.95], 0x4b4d50);
  return mesh.faces;
}

/** A worker in helmet and high-visibility vest, facing +x. */
export function worker(vestColor: number, helmetColor: number): Face[] {
  const mesh = new Mesh();
  mesh.box([0, -0.13, 0], [0.22, 0.19, 0.86], 0x2c3a55);
  mesh.box([0, 0.13, 0], [0.22, 0.19, 0.86], 0x2c3a55);
  mesh.box([0, 0, 0.84], [0.32, 0.54, 0.62], vestColor);
  mesh.box([0, 0, 1.06], [0.34, 0.56, 0.1], 0xf1f1d8);
  mesh.box([0, 0, 1.46], [0.22, 0.22, 0.22], 0xc99a74);
  mesh.box([0, 0, 1.64], [0.32, 0.3, 0.17], helmetColor);
  return mesh.faces;
}

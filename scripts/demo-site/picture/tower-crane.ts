import { Mesh, type Face } from './mesh.ts';
import type { Mover } from './scene.ts';
import type { Vec3 } from './vec3.ts';

const yellow = 0xd9a021;

function latticeMast(mesh: Mesh, base: Vec3, heightM: number, widthM: number): void {
  const h = widthM / 2;
  const legs: [number, number][] = [
    [-h, -h],
    [h, -h],
    [h, h],
    [-h, h],
  ];
  for (const [x, y] of legs) {
    mesh.bar(
      [base[0] + x, base[1] + y, base[2]],
      [base[0] + x, base[1] + y, base[2] + heightM],
      0.32,
      yellow,
    );
  }
  const stepM = widthM * 1.15;
  for (let z = 0; z + stepM <= heightM; z += stepM) {
    for (let side = 0; side < 4; side += 1) {
      const [ax, ay] = legs[side]!;
      const [bx, by] = legs[(side + 1) % 4]!;
      const flip = Math.round(z / stepM) % 2 === 0;
      const low: Vec3 = [base[0] + (flip ? ax : bx), base[1] + (flip ? ay : by), base[2] + z];
      const high: Vec3 = [base[0] + (flip ? bx : ax), base[1] + (flip ? by : ay), base[2] + z + stepM];
      mesh.bar(low, high, 0.17, yellow);
      mesh.bar(
        [base[0] + ax, base[1] + ay, base[2] + z],
        [base[0] + bx, base[1] + by, base[2] + z],
        0.17,
        yellow,
      );
    }
  }
}

function boom(mesh: Mesh, fromX: number, toX: number, heightM: number): void {
  const low = 0.2;
  for (const y of [-0.8, 0.8]) mesh.bar([fromX, y, low], [toX, y, low], 0.26, yellow);
  mesh.bar([fromX, 0, heightM], [toX, 0, heightM * 0.8], 0.28, yellow);
  const step = 2.4 * Math.sign(toX - fromX);
  for (let x = fromX; Math.abs(x - fromX) < Math.abs(toX - fromX) - 1; x += step) {
    for (const y of [-0.8, 0.8]) {
      mesh.bar([x, y, low], [x + step / 2, 0, heightM * 0.93], 0.14, yellow);
      mesh.bar([x + step / 2, 0, heightM * 0.93], [x + step, y, low], 0.14, yellow);
    }
  }
}

function slewingPart(jibM: number, hookM: number, dropM: number): Face[] {
  const mesh = new Mesh();
  mesh.box([0, 0, -1.2], [2.6, 2.6, 1.4], 0x8f6d1c);
  mesh.box([1.9, -1.7, -0.6], [1.9, 1.5, 2.2], 0xe8e4da);
  mesh.box([2.2, -2.46, 0.1], [1.2, 0.05, 1.1], 0x29343d);
  boom(mesh, 1, jibM, 1.9);
  boom(mesh, -1, -14, 1.3);
  mesh.bar([0, 0, 0], [0, 0, 7.5], 0.6, yellow);
  mesh.bar([0, 0, 7.4], [jibM * 0.68, 0, 1.8], 0.12, 0x3a3a38);
  mesh.bar([0, 0, 7.4], [-12.5, 0, 1.3], 0.12, 0x3a3a38);
  mesh.box([-12.6, 0, -2.2], [3, 1.6, 2.6], 0x7d7f80);
  mesh.box([hookM, 0, -0.5], [1.6, 1.3, 0.6], 0x444648);
  mesh.bar([hookM, 0, -0.4], [hookM, 0, -dropM], 0.14, 0x2b2b2b);
  mesh.box([hookM, 0, -dropM - 1.4], [4.2, 1.1, 1.2], 0xa8552e);
  return mesh.faces;
}

/** A tower crane: the mast goes into `mesh`, the slewing part comes back as a mover that swings to and fro once a loop. */
export function towerCrane(
  mesh: Mesh,
  base: Vec3,
  heightM: number,
  jibM: number,
  restRad: number,
  swingRad: number,
  loopSec: number,
): Mover {
  mesh.box(base, [6, 6, 0.8], 0xb5b0a6);
  latticeMast(mesh, base, heightM, 2);
  const faces = slewingPart(jibM, jibM * 0.62, Math.min(20, heightM * 0.35));
  const top: Vec3 = [base[0], base[1], base[2] + heightM + 1.2];
  return {
    faces,
    poseAt: (tSec) => ({ at: top, angleRad: restRad + swingRad * Math.sin((tSec / loopSec) * Math.PI * 2) }),
  };
}

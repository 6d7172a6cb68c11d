import { dumpTruck, excavatorHouse, excavatorTracks, worker } from '../machines.ts';
import { Mesh, materials, placed, type Face } from '../mesh.ts';
import { loopSec, type Mover, type Scene } from '../scene.ts';
import { barStacks, cabins, heap, hoarding, skyline, slab, trees, wall } from '../surroundings.ts';
import { towerCrane } from '../tower-crane.ts';
import { driving, pacing, slewing } from '../travel.ts';
import type { Vec3 } from '../vec3.ts';

const halfX = 20;
const fromY = -50;
const toY = 130;

function rim(mesh: Mesh): void {
  const far = 1400;
  const color = 0xb49c78;
  slab(mesh, -far, -far, -halfX, far, 0, color, materials.dirt);
  slab(mesh, halfX, -far, far, far, 0, color, materials.dirt);
  slab(mesh, -halfX, toY, halfX, far, 0, color, materials.dirt);
  slab(mesh, -halfX, -far, halfX, fromY, 0, color, materials.dirt);
}

function walls(mesh: Mesh, floorZ: number): void {
  const c = 0xa9a499;
  wall(mesh, [-halfX, fromY], [-halfX, toY], floorZ, 0, c, 4);
  wall(mesh, [halfX, toY], [halfX, fromY], floorZ, 0, c, 5);
  wall(mesh, [-halfX, toY], [halfX, toY], floorZ, 0, c, 6);
  for (const x of [-halfX - 0.5, halfX + 0.5]) {
    mesh.box([x, (fromY + toY) / 2, 0], [1.4, toY - fromY, 0.7], 0xc4c0b6, materials.concrete);
    for (let y = fromY; y < toY; y += 3) mesh.box([x, y, 0.7], [0.12, 0.12, 1.1], 0xc8342a);
    mesh.box([x, (fromY + toY) / 2, 1.6], [0.1, toY - fromY, 0.12], 0xd8d6cc, materials.stripes);
  }
}

function struts(mesh: Mesh, floorZ: number): void {
  for (let level = 0; level < 3; level += 1) {
    const z = -1.2 - level * 4.6;
    if (z < floorZ + 2) return;
    for (let y = fromY + 12; y < toY; y += 12) {
      if (level === 0) mesh.box([0, y, z - 0.6], [halfX * 2, 1.1, 1.1], 0xc6c2b7, materials.concrete);
      else mesh.cylinder([-halfX, y, z], [halfX, y, z], 0.45, 0x2d63a8, materials.plain, 10);
    }
    for (const x of [-halfX + 0.5, halfX - 0.5])
      mesh.box([x, (fromY + toY) / 2, z - 0.7], [0.9, toY - fromY, 1.2], level === 0 ? 0xb9b4a9 : 0x9a4a34);
  }
}

function bottom(mesh: Mesh, floorZ: number, share: number): void {
  const edge = fromY + (toY - fromY) * share;
  slab(mesh, -halfX, fromY, halfX, edge, floorZ, 0xa98b62, materials.dirt);
  slab(mesh, -halfX, edge, halfX, toY, floorZ, 0xb3aea2, materials.paving);
  slab(mesh, -halfX + 1, edge + 2, halfX - 1, edge + 34, floorZ + 0.25, 0x9a5a38, materials.rebar);
}

function gantryFrame(): Face[] {
  const mesh = new Mesh();
  const red = 0xd14a22;
  for (const y of [-4, 4]) {
    for (const x of [-halfX - 3, halfX + 3]) mesh.bar([x, y, 0], [x * 0.93, y * 0.4, 13], 0.8, red);
  }
  for (const y of [-1.4, 1.4]) mesh.bar([-halfX - 8, y, 13.4], [halfX + 8, y, 13.4], 1.1, red);
  mesh.box([5, 0, 13.6], [3.2, 3.8, 1.6], 0xd8d8d2);
  mesh.bar([5, 0, 13], [5, 0, 5.4], 0.16, 0x2b2b2b);
  mesh.box([5, 0, 4.6], [6, 1.4, 0.8], 0xa8552e);
  return mesh.faces;
}

function surroundings(mesh: Mesh, variant: number): void {
  slab(mesh, halfX + 9, -120, halfX + 19, 260, 0.05, 0xa9a69c);
  slab(mesh, -halfX - 20, -120, -halfX - 10, 260, 0.05, 0xa9a69c);
  skyline(mesh, [0, 100, 0], 240, 620, [0.25, 2.9], 66, 700 + variant);
  trees(mesh, -170, 150, 190, 200, 46, 14);
  hoarding(mesh, [-60, 145, 0], [70, 145, 0]);
  hoarding(mesh, [62, -60, 0], [62, 145, 0]);
  cabins(mesh, [-52, 70, 0], 8, 2, Math.PI / 2);
  barStacks(mesh, [50, 6, 0], 7, 0.05);
  heap(mesh, [49, 62, 0], 8, 0x2f8f3f);
  mesh.faces.push(...placed(gantryFrame(), [0, 34, 0.1], 0));
}

function movers(floorZ: number, digAt: Vec3): Mover[] {
  const rimX = halfX + 4;
  const orange = worker(0xf07a22, 0xf2c522);
  return [
    slewing(excavatorHouse(0xe0a92a), digAt, 0.6, 0.8, 0),
    driving(dumpTruck(0x2f8a4a, 0x2a7a42), [halfX + 14, 240, 0.06], [halfX + 14, -110, 0.06], 0.35),
    driving(dumpTruck(0xd8a72c, 0xc88f1f), [-halfX - 15, -120, 0.06], [-halfX - 15, 240, 0.06], 0.75),
    pacing(orange, [rimX, 0, 0], [rimX, 18, 0], 0.1),
    pacing(worker(0xd7e64a, 0xd23b2f), [rimX + 2, 40, 0], [rimX + 1, 26, 0], 0.4),
    pacing(orange, [-6, 4, floorZ], [8, 8, floorZ], 0.7),
    pacing(worker(0xf07a22, 0xffffff), [44, -8, 0], [40, 4, 0], 0.2),
  ];
}

/** Seen from its south-east rim: a foundation pit with struts, dug deeper and then poured from the far end with the days. */
export function pitScene(dayNumber: number, variant: number): Scene {
  const mesh = new Mesh();
  const day = (((dayNumber + 70 + variant * 31) % 180) + 180) % 180;
  const floorZ = -Math.min(14, 5 + day * 0.1);
  const share = day < 90 ? 0.82 : Math.max(0.1, 0.82 - (day - 90) * 0.008);
  rim(mesh);
  walls(mesh, floorZ);
  struts(mesh, floorZ);
  bottom(mesh, floorZ, share);
  surroundings(mesh, variant);
  const digAt: Vec3 = [-4, fromY + 34, floorZ];
  mesh.faces.push(...placed(excavatorTracks(), digAt, 0));
  const jib = towerCrane(mesh, [-36, 134, 0], 28, 38, -0.5, 0.3, loopSec);
  return {
    eye: [42, -62, 36],
    target: [2, 30, 10],
    fovDeg: 62,
    faces: mesh.faces,
    movers: [jib, ...movers(floorZ, digAt)],
    lamps: [
      { at: [halfX + 5, -4, 13], reachM: 13 },
      { at: [-halfX - 5, 26, 13], reachM: 14 },
      { at: [halfX + 5, 60, 13], reachM: 13 },
      { at: [0, 96, 12], reachM: 13 },
    ],
    shadowCenter: [0, 35, 0],
    shadowRadiusM: 130,
  };
}

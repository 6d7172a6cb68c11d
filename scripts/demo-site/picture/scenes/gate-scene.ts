import { dumpTruck, mixerTruck, van, worker } from '../machines.ts';
import { Mesh, materials, placed } from '../mesh.ts';
import { risingTower, towerProgress } from '../rising-tower.ts';
import { loopSec, type Mover, type Scene } from '../scene.ts';
import { barStacks, cabins, ground, hoarding, skyline, slab, trees } from '../surroundings.ts';
import { towerCrane } from '../tower-crane.ts';
import { driving, pacing } from '../travel.ts';

function gateHouse(mesh: Mesh): void {
  for (const x of [-7.5, 7.5]) {
    mesh.box([x, 0, 0], [2.6, 2.6, 7.2], 0xe9e7df, materials.concrete);
    mesh.box([x, 0, 0], [2.9, 2.9, 0.9], 0x6f7276);
  }
  mesh.box([0, 0, 7.2], [18.6, 2.9, 2.1], 0x2a66ac);
  mesh.box([0, -1.5, 7.8], [13, 0.1, 0.8], 0xf3f3ec);
  mesh.box([12.6, 1, 0], [5, 4.4, 3.3], 0xe8ecec);
  mesh.box([12.6, 1, 3.3], [5.8, 5.2, 0.4], 0x2f74b5);
  mesh.box([12.6, -1.22, 1.1], [3.4, 0.06, 1.3], 0xffe9b0, materials.glow);
  mesh.box([6, -0.9, 0], [0.5, 0.5, 1.2], 0xd8b12c);
  for (const x of [-17, 24]) mesh.box([x, 4, 0], [4.4, 1.2, 3], 0x2f74b5);
}

function boardWalls(mesh: Mesh): void {
  hoarding(mesh, [-60, 0, 0], [-9, 0, 0]);
  hoarding(mesh, [15.5, 0, 0], [70, 0, 0]);
  slab(mesh, -6.4, -60, 6.4, 90, 0.04, 0xaaa79d);
  slab(mesh, -90, -24, 90, -12, 0.05, 0x8c8b86);
  for (let x = -80; x < 90; x += 9) slab(mesh, x, -18.2, x + 4, -17.8, 0.07, 0xe4e3da, materials.plain);
  mesh.box([0, -7, 0.05], [12, 4, 0.12], 0x6d7f86, materials.stripes);
}

function yard(mesh: Mesh, variant: number): void {
  ground(mesh, 0xb39b78, 2400);
  skyline(mesh, [0, 60, 0], 260, 640, [0.3, 2.9], 60, 500 + variant);
  trees(mesh, -110, 170, 130, 220, 50, 8);
  cabins(mesh, [42, 22, 0], 4, 2, 0);
  barStacks(mesh, [-34, 16, 0], 4, 0.1);
  mesh.box([20, 12, 0], [6, 2.4, 2.5], 0x2f74b5, materials.concrete);
  mesh.box([-14, 20, 0], [6, 2.4, 2.5], 0xd8a72c, materials.concrete);
  mesh.box([27, 14, 0], [6, 2.4, 2.5], 0xb8452f, materials.concrete);
  const barrier = new Mesh();
  barrier.box([-5.6, 0, 0], [11.2, 0.22, 0.22], 0xd8432b, materials.stripes);
  mesh.faces.push(...placed(barrier.faces, [6, -0.9, 1.1], 0.9));
}

function movers(): Mover[] {
  return [
    driving(mixerTruck(0x3c6fa8), [-2.6, 86, 0.06], [-2.6, -58, 0.06], 0.05),
    driving(dumpTruck(0x2f8a4a, 0x2a7a42), [3, -60, 0.06], [3, 88, 0.06], 0.5),
    driving(van(0xd6d7d8), [-100, -21, 0.06], [110, -21, 0.06], 0.2),
    driving(van(0x9a2f2a), [110, -15, 0.06], [-100, -15, 0.06], 0.7),
    pacing(worker(0x2c4f8e, 0xffffff), [9, -3.4, 0.05], [9.4, 2.8, 0.05], 0.2),
    pacing(worker(0xf07a22, 0xf2c522), [-12, 8, 0.05], [-6, 22, 0.05], 0.5),
    pacing(worker(0xd7e64a, 0xd23b2f), [14, 8, 0.05], [22, 18, 0.05], 0.1),
  ];
}

/** Seen from a mast by the road: the site's gate with barrier, trucks passing, the buildings behind growing. */
export function gateScene(dayNumber: number, variant: number): Scene {
  const mesh = new Mesh();
  yard(mesh, variant);
  boardWalls(mesh);
  gateHouse(mesh);
  const progress = towerProgress(dayNumber + 25 + variant * 47, 8, 11, 2);
  const second = { floorsDone: Math.max(1, progress.floorsDone - 3), floorShare: 0.6 };
  const deckZ = risingTower(mesh, [-34, 150, 0], [40, 24], progress, 0x2f7a3c, 15);
  risingTower(mesh, [56, 150, 0], [22, 20], second, 0x2c5f9e, 25);
  const jib = towerCrane(mesh, [4, 152, 0], Math.min(46, deckZ + 13), 36, 2.6, 0.28, loopSec);
  return {
    eye: [-17, -41, 16.5],
    target: [4, 10, 8.8],
    fovDeg: 64,
    faces: mesh.faces,
    movers: [jib, ...movers()],
    lamps: [
      { at: [-6, -3, 8], reachM: 6 },
      { at: [6, -3, 8], reachM: 6 },
      { at: [12, 14, 12], reachM: 11 },
      { at: [-16, 60, 18], reachM: 16 },
      { at: [-40, -20, 9], reachM: 6 },
    ],
    shadowCenter: [0, 25, 8],
    shadowRadiusM: 95,
  };
}

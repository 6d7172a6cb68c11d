import { van, worker } from '../machines.ts';
import { Mesh, materials } from '../mesh.ts';
import { loopSec, type Mover, type Scene } from '../scene.ts';
import { skyline, slab, trees } from '../surroundings.ts';
import { towerCrane } from '../tower-crane.ts';
import { driving, pacing } from '../travel.ts';
import type { Vec3 } from '../vec3.ts';

const deckZ = 22;
const concrete = 0xb9b4a8;

function pylon(mesh: Mesh, x: number, y: number, heightM: number): void {
  mesh.box([x, y, -1], [30, 16, 4], 0xa8a398, materials.concrete);
  const topZ = 88;
  const spread = (z: number): number => 11 - (z / topZ) * 6.5;
  const leg = (side: number): void => {
    const from: Vec3 = [x + side * spread(3), y, 3];
    const to: Vec3 = [x + side * spread(heightM), y, heightM];
    mesh.bar(from, to, 4.2, concrete, materials.concrete);
    const wrapFrom: Vec3 = [x + side * spread(heightM - 9), y, heightM - 9];
    mesh.bar(wrapFrom, [to[0], to[1], to[2] + 1.5], 5.4, 0xc98a2c, materials.net);
  };
  leg(-1);
  leg(1);
  for (const z of [deckZ - 4, 54, 78])
    if (z < heightM - 6)
      mesh.bar([x - spread(z), y, z], [x + spread(z), y, z], 4, concrete, materials.concrete);
}

function deck(mesh: Mesh, fromY: number, toY: number): void {
  const length = toY - fromY;
  if (length <= 0) return;
  mesh.box([0, fromY + length / 2, deckZ - 2.6], [18, length, 2.6], 0xaaa69b, materials.concrete);
  for (const x of [-8.8, 8.8])
    mesh.box([x, fromY + length / 2, deckZ], [0.35, length, 1.1], 0xc9c6bc, materials.stripes);
}

function approach(mesh: Mesh): void {
  for (let y = -195; y <= -75; y += 30) {
    for (const x of [-5, 5])
      mesh.cylinder([x, y, -1], [x, y, deckZ - 4], 1.5, concrete, materials.concrete, 14);
    mesh.box([0, y, deckZ - 4.6], [16, 3, 2], concrete, materials.concrete);
  }
  deck(mesh, -210, -72);
}

function cables(mesh: Mesh, y: number, heightM: number, reachM: number): void {
  for (let k = 1; k * 9 <= reachM; k += 1) {
    const z = Math.min(heightM - 4, deckZ + 14 + k * 6);
    for (const dir of [-1, 1]) {
      for (const x of [-7.5, 7.5])
        mesh.bar([x * 0.4, y, z], [x, y + dir * k * 9, deckZ + 0.2], 0.24, 0xd8d8d2);
    }
  }
}

function barge(mesh: Mesh): void {
  mesh.box([0, 0, 0.1], [20, 8, 1.6], 0x5b3a33);
  mesh.box([-7, 0, 1.7], [4, 5, 3.4], 0xe6e4dc);
  mesh.box([3, 0, 1.7], [10, 5.6, 1.2], 0xb39a6d, materials.dirt);
}

function river(mesh: Mesh, variant: number): void {
  slab(mesh, -1300, -90, 1300, 320, 0, 0x8fa2a6, materials.water);
  slab(mesh, -1300, -600, 1300, -88, 0.3, 0x9c9a63, materials.grass);
  slab(mesh, -1300, 320, 1300, 1500, 0.3, 0x8f9a6a, materials.grass);
  skyline(mesh, [0, 120, 0], 290, 700, [0.35, 2.8], 80, 300 + variant);
  trees(mesh, -220, 322, 260, 350, 60, 9);
  trees(mesh, -140, -150, -40, -96, 18, 12);
  approach(mesh);
}

/** One pylon with its crane, its piece of deck and its cables; gives the crane's turning part. */
function pylonWithDeck(mesh: Mesh, y: number, heightM: number, reachM: number, restRad: number): Mover {
  pylon(mesh, 0, y, heightM);
  deck(mesh, y - Math.max(7, reachM), y + Math.max(7, reachM));
  if (heightM > 60) cables(mesh, y, heightM, reachM);
  return towerCrane(mesh, [20, y + 6, 0], Math.min(heightM + 9, 90), 36, restRad, 0.3, loopSec);
}

function movers(): Mover[] {
  const boat = new Mesh();
  barge(boat);
  return [
    { ...driving(boat.faces, [-300, 50, 0.1], [330, 44, 0.1], 0.45), groundZ: undefined },
    driving(van(0xd9dadb), [3, -208, deckZ], [3, -80, deckZ], 0.3),
    pacing(worker(0xf07a22, 0xf2c522), [-4, -78, deckZ], [5, -74, deckZ], 0.1),
    pacing(worker(0xd7e64a, 0xffffff), [-6, -100, deckZ], [-6, -76, deckZ], 0.6),
    pacing(worker(0xf07a22, 0xd23b2f), [-10, -6, 3], [10, -6, 3], 0.3),
  ];
}

/** Seen from the south bank: the pylons of a cable-stayed bridge, the deck growing out from them over the river. */
export function bridgeScene(dayNumber: number, variant: number): Scene {
  const mesh = new Mesh();
  const day = (((dayNumber + variant * 40) % 200) + 200) % 200;
  const heightM = Math.min(88, 34 + day * 0.9);
  const reachM = Math.max(9, Math.min(64, (day - 50) * 0.6));
  river(mesh, variant);
  const near = pylonWithDeck(mesh, 0, heightM, reachM, 2.4);
  const far = pylonWithDeck(mesh, 150, Math.max(30, heightM - 14), reachM - 8, 3.4);
  return {
    eye: [-116, -176, 46],
    target: [8, 26, 38],
    fovDeg: 58,
    faces: mesh.faces,
    movers: [near, far, ...movers()],
    lamps: [
      { at: [0, -12, deckZ + 16], reachM: 14 },
      { at: [0, 4, heightM + 6], reachM: 12 },
      { at: [0, -100, deckZ + 12], reachM: 12 },
      { at: [0, 140, deckZ + 16], reachM: 14 },
    ],
    shadowCenter: [0, -10, 20],
    shadowRadiusM: 190,
  };
}

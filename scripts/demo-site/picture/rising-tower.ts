import { materials, type Mesh } from './mesh.ts';
import { seededRandom } from './noise.ts';
import type { Vec3 } from './vec3.ts';

/** How far a building has come; a floor takes `daysPerFloor` days and shows columns, formwork, then slab. */
export interface TowerProgress {
  floorsDone: number;
  /** 0–1 of the floor under work. */
  floorShare: number;
}

/** The progress on the nth day of a building of at most `maxFloors` floors; starts over when topped out. */
export function towerProgress(
  dayNumber: number,
  daysPerFloor: number,
  maxFloors: number,
  floorsAtStart: number,
): TowerProgress {
  const span = (maxFloors - floorsAtStart) * daysPerFloor;
  const day = ((dayNumber % span) + span) % span;
  return {
    floorsDone: floorsAtStart + Math.floor(day / daysPerFloor),
    floorShare: (day % daysPerFloor) / daysPerFloor,
  };
}

const floorM = 3.3;

function openFloor(mesh: Mesh, at: Vec3, size: [number, number], z: number, seed: number): void {
  const random = seededRandom(seed);
  mesh.box(
    [at[0], at[1], z + floorM - 0.35],
    [size[0], size[1], 0.35],
    0xc3beb2,
    materials.concrete,
    0,
    seed,
  );
  mesh.box([at[0], at[1], z], [size[0] - 7, size[1] - 7, floorM - 0.35], 0x4c4a45, materials.plain);
  for (let x = -size[0] / 2 + 0.6; x <= size[0] / 2 - 0.5; x += 4.4) {
    for (const y of [-size[1] / 2 + 0.5, size[1] / 2 - 0.5]) {
      mesh.box([at[0] + x, at[1] + y, z], [0.8, 0.8, floorM - 0.35], 0xb7b2a6, materials.concrete);
      if (random() > 0.45) {
        const inset = y < 0 ? 0.5 : -0.5;
        mesh.box(
          [at[0] + x + 2.2, at[1] + y + inset, z],
          [3.4, 0.2, 1 + random() * 1.7],
          0xa8836a,
          materials.concrete,
        );
      }
    }
  }
  for (let y = -size[1] / 2 + 4.6; y <= size[1] / 2 - 4; y += 4.4) {
    for (const x of [-size[0] / 2 + 0.5, size[0] / 2 - 0.5]) {
      mesh.box([at[0] + x, at[1] + y, z], [0.8, 0.8, floorM - 0.35], 0xb7b2a6, materials.concrete);
    }
  }
}

function finishedFacade(mesh: Mesh, at: Vec3, size: [number, number], floors: number): void {
  if (floors <= 0) return;
  mesh.box([at[0], at[1], at[2]], [size[0], size[1], floors * floorM], 0xd6d2c6, materials.facade, 0, 91);
}

function workingDeck(mesh: Mesh, at: Vec3, size: [number, number], z: number, share: number): void {
  for (let x = -size[0] / 2 + 1; x <= size[0] / 2 - 1; x += 3.6) {
    for (let y = -size[1] / 2 + 1; y <= size[1] / 2 - 1; y += 5) {
      mesh.bar(
        [at[0] + x, at[1] + y, z],
        [at[0] + x, at[1] + y, z + 1.2 + 2.6 * Math.min(1, share * 2.5)],
        0.34,
        0x7c5236,
      );
    }
  }
  if (share < 0.4) return;
  const done = size[0] * Math.min(1, (share - 0.4) / 0.45);
  mesh.box(
    [at[0] - size[0] / 2 + done / 2, at[1], z + 2.9],
    [done, size[1] - 0.5, 0.25],
    0xa8703c,
    materials.rebar,
  );
}

function scaffold(
  mesh: Mesh,
  at: Vec3,
  size: [number, number],
  from: number,
  to: number,
  color: number,
  seed: number,
): void {
  const w = size[0] + 2.4;
  const d = size[1] + 2.4;
  mesh.box([at[0], at[1] - d / 2, from], [w, 0.15, to - from], color, materials.net, 0, seed);
  mesh.box([at[0], at[1] + d / 2, from], [w, 0.15, to - from], color, materials.net, 0, seed + 1);
  mesh.box([at[0] - w / 2, at[1], from], [0.15, d, to - from], color, materials.net, 0, seed + 2);
  mesh.box([at[0] + w / 2, at[1], from], [0.15, d, to - from], color, materials.net, 0, seed + 3);
  for (let x = -w / 2; x <= w / 2; x += 3.6) {
    for (const y of [-d / 2, d / 2])
      mesh.bar([at[0] + x, at[1] + y, to], [at[0] + x, at[1] + y, to + 1.6], 0.16, 0x9aa3a8);
  }
  for (const y of [-d / 2, d / 2])
    mesh.bar([at[0] - w / 2, at[1] + y, to + 1.2], [at[0] + w / 2, at[1] + y, to + 1.2], 0.12, 0x9aa3a8);
}

/** Adds a building under work; gives the height of its working deck in metres. */
export function risingTower(
  mesh: Mesh,
  at: Vec3,
  size: [number, number],
  progress: TowerProgress,
  netColor = 0x2f7a3c,
  seed = 1,
): number {
  const { floorsDone, floorShare } = progress;
  const clad = Math.max(0, floorsDone - 11);
  finishedFacade(mesh, at, size, clad);
  for (let floor = clad; floor < floorsDone; floor += 1)
    openFloor(mesh, at, size, at[2] + floor * floorM, seed + floor);
  const deckZ = at[2] + floorsDone * floorM;
  workingDeck(mesh, at, size, deckZ, floorShare);
  const netFrom = at[2] + Math.max(0, floorsDone - 6) * floorM;
  scaffold(mesh, at, size, netFrom, deckZ + 1.6, netColor, seed + 50);
  return deckZ;
}

import { barStacks, cabins, ground, heap, hoarding, skyline, slab, trees } from '../surroundings.ts';
import { dumpTruck, excavatorHouse, excavatorTracks, mixerTruck, worker } from '../machines.ts';
import { Mesh, placed } from '../mesh.ts';
import { risingTower, towerProgress } from '../rising-tower.ts';
import { loopSec, type Mover, type Scene } from '../scene.ts';
import { towerCrane } from '../tower-crane.ts';
import { driving, pacing, slewing } from '../travel.ts';

function site(mesh: Mesh, variant: number): void {
  ground(mesh, 0xb49a75, 2600);
  slab(mesh, -70, -42, 90, -32, 0.04, 0xa9a59b);
  slab(mesh, 34, -42, 44, 60, 0.05, 0xa9a59b);
  skyline(mesh, [0, 0, 0], 210, 640, [0.15, 2.6], 74, 100 + variant);
  trees(mesh, -150, 70, 160, 150, 70, 3);
  hoarding(mesh, [-80, -50, 0], [90, -50, 0]);
  hoarding(mesh, [-80, 62, 0], [90, 62, 0]);
  cabins(mesh, [66, 34, 0], 5, 2, Math.PI / 2);
  barStacks(mesh, [-48, -18, 0], 4, 0.2);
  barStacks(mesh, [-52, 10, 0], 3, 1.4);
  heap(mesh, [58, -12, 0], 8, 0xb09468);
  heap(mesh, [-60, 40, 0], 7, 0x3f7d3c);
  mesh.faces.push(...placed(excavatorTracks(), [52, -24, 0], 0));
}

function movers(deckZ: number): Mover[] {
  const orange = worker(0xf07a22, 0xf2c522);
  return [
    driving(dumpTruck(0xd8772a, 0xc8641f), [-128, -37, 0.05], [140, -37, 0.05], 0.1),
    driving(mixerTruck(0x3c6fa8), [39, 160, 0.06], [39, -130, 0.06], 0.55),
    slewing(excavatorHouse(0xe0a92a), [52, -24, 0], 2.4, 0.7, 0.2),
    pacing(orange, [-20, -24, 0], [8, -26, 0], 0),
    pacing(orange, [24, -20, 0], [30, 4, 0], 0.4),
    pacing(worker(0xd7e64a, 0xffffff), [-40, -26, 0], [-34, -8, 0], 0.7),
    pacing(worker(0xf07a22, 0xd23b2f), [-4, 6, deckZ + 0.1], [12, 14, deckZ + 0.1], 0.25),
  ];
}

/** Seen from a high mast: a tower in green net rising by a floor a week over its podium, with a crane. */
export function towerScene(dayNumber: number, variant: number): Scene {
  const mesh = new Mesh();
  site(mesh, variant);
  const progress = towerProgress(dayNumber + variant * 61, 7, 22, 3);
  const podium = { floorsDone: Math.min(4, progress.floorsDone), floorShare: 0.2 };
  risingTower(mesh, [0, 8, 0], [46, 34], podium, 0x2f7a3c, 5);
  const netColor = variant % 2 === 0 ? 0x2f7a3c : 0x2c5f9e;
  const deckZ = risingTower(mesh, [4, 12, 0], [26, 22], progress, netColor, 9);
  const jib = towerCrane(mesh, [-15, 34, 0], Math.min(deckZ + 17, 88), 44, -0.75, 0.32, loopSec);
  return {
    eye: [-82, -118, 54],
    target: [6, 10, 27],
    fovDeg: 56,
    faces: mesh.faces,
    movers: [jib, ...movers(deckZ)],
    lamps: [
      { at: [-28, -28, 14], reachM: 15 },
      { at: [32, -26, 14], reachM: 15 },
      { at: [0, -10, deckZ + 11], reachM: 12 },
      { at: [50, 20, 14], reachM: 11 },
    ],
    shadowCenter: [0, 0, 20],
    shadowRadiusM: 130,
  };
}

import type { SceneName } from '../clip/clip-spec.ts';
import type { Scene } from './scene.ts';
import { bridgeScene } from './scenes/bridge-scene.ts';
import { gateScene } from './scenes/gate-scene.ts';
import { pitScene } from './scenes/pit-scene.ts';
import { towerScene } from './scenes/tower-scene.ts';

const scenes: Record<SceneName, (dayNumber: number, variant: number) => Scene> = {
  tower: towerScene,
  bridge: bridgeScene,
  gate: gateScene,
  pit: pitScene,
};

/** Builds the named scene as it stands on a day. */
export const sceneNamed = (name: SceneName, dayNumber: number, variant: number): Scene =>
  scenes[name](dayNumber, variant);

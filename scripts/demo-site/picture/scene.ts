import type { Face } from './mesh.ts';
import type { Vec3 } from './vec3.ts';

/** Something that moves during the loop of a clip; its pose at the end equals its pose at the start, or is out of sight. */
export interface Mover {
  /** Faces in the mover's own frame, standing on z = 0. */
  faces: Face[];
  poseAt(tSec: number): { at: Vec3; angleRad: number };
  /** Height of the ground under it, for its shadow; undefined for things high in the air. */
  groundZ?: number;
}

/** A lamp post or work light that shines at night. */
export interface Lamp {
  at: Vec3;
  /** Strength: metres at which it gives full light. */
  reachM: number;
}

/** All that is drawn for one camera on one day. */
export interface Scene {
  eye: Vec3;
  target: Vec3;
  fovDeg: number;
  faces: Face[];
  movers: Mover[];
  lamps: Lamp[];
  /** The ground the shadow map covers. */
  shadowCenter: Vec3;
  shadowRadiusM: number;
}

/** Length of every clip's loop in seconds; movers repeat with it. */
export const loopSec = 12;

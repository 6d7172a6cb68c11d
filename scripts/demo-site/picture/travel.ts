import type { Face } from './mesh.ts';
import { loopSec, type Mover } from './scene.ts';
import type { Vec3 } from './vec3.ts';

/** Something driving once along a straight line in a loop; both ends should be out of sight. */
export function driving(faces: Face[], from: Vec3, to: Vec3, phase: number, headingRad?: number): Mover {
  const angleRad = headingRad ?? Math.atan2(to[1] - from[1], to[0] - from[0]);
  return {
    faces,
    groundZ: from[2],
    poseAt: (tSec) => {
      const t = (tSec / loopSec + phase) % 1;
      return {
        at: [
          from[0] + (to[0] - from[0]) * t,
          from[1] + (to[1] - from[1]) * t,
          from[2] + (to[2] - from[2]) * t,
        ],
        angleRad,
      };
    },
  };
}

/** Someone walking to and fro between two points once a loop. */
export function pacing(faces: Face[], from: Vec3, to: Vec3, phase: number): Mover {
  const there = Math.atan2(to[1] - from[1], to[0] - from[0]);
  return {
    faces,
    groundZ: from[2],
    poseAt: (tSec) => {
      const t = (tSec / loopSec + phase) % 1;
      const s = t < 0.5 ? t * 2 : 2 - t * 2;
      return {
        at: [from[0] + (to[0] - from[0]) * s, from[1] + (to[1] - from[1]) * s, from[2]],
        angleRad: t < 0.5 ? there : there + Math.PI,
      };
    },
  };
}

/** Something turning to and fro on one spot. */
export function slewing(faces: Face[], at: Vec3, restRad: number, swingRad: number, phase: number): Mover {
  return {
    faces,
    groundZ: at[2],
    poseAt: (tSec) => ({
      at,
      angleRad: restRad + swingRad * Math.sin((tSec / loopSec + phase) * Math.PI * 2),
    }),
  };
}

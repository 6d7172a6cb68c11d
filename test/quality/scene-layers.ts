import type { SceneName } from '../../scripts/demo-site/clip/clip-spec.ts';
import { drawBackdrop } from '../../scripts/demo-site/picture/backdrop.ts';
import type { Backdrop } from '../../scripts/demo-site/picture/backdrop.ts';
import { dayLight } from '../../scripts/demo-site/picture/day-light.ts';
import type { DayPart } from '../../scripts/demo-site/picture/day-light.ts';
import { MovingPicture } from '../../scripts/demo-site/picture/moving-picture.ts';
import type { Scene } from '../../scripts/demo-site/picture/scene.ts';
import { sceneNamed } from '../../scripts/demo-site/picture/scene-named.ts';
import type { RgbPicture } from './rgb-picture.ts';

/** A place from which a camera of the set looks at a drawn scene; `turnDeg` and `rise` move it about what it looks at. */
export interface Viewpoint {
  scene: SceneName;
  variant: number;
  turnDeg: number;
  rise: number;
  zoom: number;
}

/** A clear picture, and for each pixel its distance in metres and whether snow would lie there. */
export interface SceneLayers extends RgbPicture {
  distanceM: Float32Array;
  flatGround: Uint8Array;
}

/** Draws viewpoints larger than the cameras' pictures, so that a camera can be turned within. One for a light of a day. */
export class SceneFilm {
  readonly #backdrop: Backdrop;
  readonly #moving: MovingPicture;
  readonly #scene: Scene;

  constructor(view: Viewpoint, part: DayPart, dayNumber: number, width: number, height: number) {
    const light = dayLight(part, dayNumber);
    this.#scene = seenFrom(sceneNamed(view.scene, dayNumber, view.variant), view);
    this.#backdrop = drawBackdrop(this.#scene, light, width, height, 2);
    this.#moving = new MovingPicture(this.#scene, this.#backdrop, light.toSun, light.lamps);
  }

  /** The layers at a moment of the loop (0 … 12 s). */
  at(tSec: number): SceneLayers {
    this.#moving.drawAt(tSec);
    const { width: wide, height: tall, depth } = this.#backdrop;
    const [width, height] = [wide / 2, tall / 2];
    const rgb = new Uint8ClampedArray(width * height * 3);
    const distanceM = new Float32Array(width * height);
    const flatGround = new Uint8Array(width * height);
    const from = this.#moving.rgb;
    for (let y = 0; y < height; y += 1) {
      for (let x = 0; x < width; x += 1) {
        const at = y * width + x;
        const sample = y * 2 * wide + x * 2;
        for (let c = 0; c < 3; c += 1) {
          const first = sample * 3 + c;
          const second = first + wide * 3;
          rgb[at * 3 + c] =
            ((from[first] ?? 0) + (from[first + 3] ?? 0) + (from[second] ?? 0) + (from[second + 3] ?? 0)) / 4;
        }
        distanceM[at] = Math.min(5000, 1 / (depth.near[sample] ?? 1));
        flatGround[at] = (this.#scene.faces[depth.faceIds[sample] ?? -1]?.normal[2] ?? 0) > 0.7 ? 1 : 0;
      }
    }
    return { width, height, rgb, distanceM, flatGround };
  }
}

function seenFrom(scene: Scene, { turnDeg, rise, zoom }: Viewpoint): Scene {
  const turn = (turnDeg * Math.PI) / 180;
  const [x, y, z] = scene.eye.map((value, axis) => value - (scene.target[axis] ?? 0)) as [
    number,
    number,
    number,
  ];
  const [tx, ty, tz] = scene.target;
  return {
    ...scene,
    eye: [
      tx + x * Math.cos(turn) - y * Math.sin(turn),
      ty + x * Math.sin(turn) + y * Math.cos(turn),
      tz + z * rise,
    ],
    fovDeg: scene.fovDeg / zoom,
  };
}

import { hash01 } from '../../scripts/demo-site/picture/noise.ts';
import type { PictureQuality } from '../../gateway/contract/snapshot.ts';
import { aimed, burnIn, defocused, exposed, grain, monochrome, straight } from './camera-optics.ts';
import type { Aim } from './camera-optics.ts';
import type { Moment, SetCamera } from './camera-life.ts';
import { cover } from './near-object.ts';
import type { NearObject } from './near-object.ts';
import { copyOf } from './rgb-picture.ts';
import type { RgbPicture } from './rgb-picture.ts';
import type { SceneLayers } from './scene-layers.ts';
import { flakes, glare, lensDrops, rain, snowCover, veil } from './weather.ts';

/** Size of the set's pictures; scenes are drawn a quarter larger, so that cameras can be turned. */
export const pictureSize = { width: 960, height: 540 };
export const drawnSize = { width: 1200, height: 676 };

/** What is staged on top of the moment, and what the picture must be called then. */
export interface Staging {
  kind: string;
  expected: PictureQuality['verdict'];
  aim?: Aim;
  defocusPx?: number;
  gain?: number;
  object?: { kind: NearObject; left: number; right: number };
  /** A card of one colour instead of the picture. */
  card?: readonly [number, number, number];
  /** No light on the sensor. */
  dark?: boolean;
  weldingAt?: { x: number; y: number; radiusPx: number };
  halfSnow?: boolean;
  drops?: boolean;
  /** Without the sensor's noise: to be added by itself. */
  noiseless?: boolean;
}

/** Nothing: the moment as it is. */
export const asItIs: Staging = { kind: 'as it is', expected: 'ok' };

/** Takes the picture: scene, weather, what is staged, lens, sensor. The overlay comes last (`burnOverlay`). */
export async function stagedPicture(
  camera: SetCamera,
  moment: Moment,
  clear: SceneLayers,
  staging: Staging,
  nth: number,
): Promise<RgbPicture> {
  const seed = camera.seed + nth * 17;
  const night = moment.part === 'night';
  const layers = { ...clear, ...copyOf(clear) };
  weatherOn(layers, moment, seed);
  const sway = (hash01(seed, 1, 8) - 0.5) * 0.006;
  const { x, y, rollDeg, zoom } = staging.aim ?? straight;
  const { width, height } = pictureSize;
  let picture = aimed(layers, { x: x + sway, y: y + sway / 2, rollDeg, zoom }, width, height);
  if (staging.halfSnow) flakes(picture, 1500, 0.5, seed);
  if (moment.weather === 'snowfall') flakes(picture, 900, 1, seed);
  if (staging.weldingAt)
    glare(picture, staging.weldingAt.x, staging.weldingAt.y, staging.weldingAt.radiusPx, 2);
  if (staging.object) {
    const light = night ? 0.25 : moment.part === 'noon' ? 1 : 0.75;
    const far =
      staging.object.kind === 'net' || staging.object.kind === 'sheet' || staging.object.kind === 'crane';
    cover(picture, staging.object.kind, {
      ...staging.object,
      softPx: far ? 3 : 70,
      light,
      seed: camera.seed + nth,
    });
  }
  if (staging.drops || (moment.weather === 'rain' && nth % 3 === 0)) lensDrops(picture, 14, seed);
  picture = await defocused(picture, Math.hypot(camera.lensPx, staging.defocusPx ?? 0));
  if (night && camera.infrared) monochrome(picture);
  const drift = 1 + (hash01(seed, 2, 8) - 0.5) * (night ? 0.06 : 0.3);
  exposed(picture, drift * (staging.gain ?? 1) * (staging.dark ? 0 : 1));
  if (staging.card)
    for (let at = 0; at < picture.rgb.length; at += 1) picture.rgb[at] = staging.card[at % 3] ?? 0;
  if (!staging.card && !staging.noiseless) addGrain(camera, moment, picture, seed);
  return picture;
}

/** The noise of the camera's sensor at the moment, another one for each seed. */
export function addGrain(camera: SetCamera, { part }: Moment, picture: RgbPicture, seed: number): void {
  grain(picture, part === 'night' ? camera.grain.night : camera.grain.day, seed);
}

/** The camera's clock and name, where it has them. */
export async function burnOverlay(camera: SetCamera, picture: RgbPicture, hour: number): Promise<RgbPicture> {
  if (!camera.overlay) return picture;
  const second = Math.floor(hour * 3600 + hash01(camera.seed, Math.floor(hour * 60), 3) * 50);
  const clock = new Date(Date.UTC(2026, 10, 20) + second * 1000).toISOString().slice(0, 19).replace('T', ' ');
  await burnIn(picture, clock, camera.name.slice(-9));
  return picture;
}

function weatherOn(layers: SceneLayers, { weather, part }: Moment, seed: number): void {
  const grey = part === 'night' ? 34 : part === 'dusk' || part === 'dawn' ? 140 : 186;
  if (weather === 'fog') veil(layers, 420, [grey, grey, grey + 4], seed);
  if (weather === 'thick fog') veil(layers, 230, [grey, grey, grey + 3], seed);
  if (weather === 'dust') veil(layers, 500, [grey, grey * 0.86, grey * 0.66], seed);
  if (weather === 'rain') rain(layers, 1.4, seed);
  if (weather === 'snow' || weather === 'snowfall') snowCover(layers, 0.95, seed);
  if (weather === 'snowfall') veil(layers, 900, [grey, grey, grey], seed);
  if (weather === 'low sun' && part !== 'night') glare(layers, 0.3 + hash01(seed, 3, 8) * 0.4, 0.2, 90, 1.5);
  if (weather === 'welding') glare(layers, 0.3 + hash01(seed, 4, 8) * 0.4, 0.55, 26, 2.2);
}

import type { PictureQuality } from '../../gateway/contract/snapshot.ts';
import type { Moment, SetCamera } from './camera-life.ts';
import { encodedPictures } from './encode-pictures.ts';
import { copyOf } from './rgb-picture.ts';
import type { RgbPicture } from './rgb-picture.ts';
import { SceneFilm } from './scene-layers.ts';
import type { SceneLayers } from './scene-layers.ts';
import { addGrain, asItIs, burnOverlay, drawnSize, stagedPicture } from './staged-picture.ts';
import { stagingsAt } from './stagings.ts';

/** A labelled picture of the set. */
export interface Sample {
  jpeg: Buffer;
  /** Which moment of the life, from 0. */
  nth: number;
  moment: Moment;
  kind: string;
  expected: PictureQuality['verdict'];
  /** True for those that happen; others are what-ifs judged from the state before, and leave no trace. */
  real: boolean;
  /** A what-if of several pictures in a row: all but the last only lead up to it. */
  leadUp: Buffer[];
}

/** Pictures of a run and how far apart they are taken. */
const RUN = 3;
const RUN_HOURS = 0.5;
/** Pictures from key frame to key frame within a run: few, for a set of thousands. */
const RUN_GOP = 5;
/** Key frames before the run: a camera's encoder has been at it for long, its rate control has settled. */
const WARM_UP = 3;

/** All pictures of a camera's life in order; what-ifs follow the real picture of their moment. */
export async function* playedLife(camera: SetCamera): AsyncGenerator<Sample> {
  const films = new Map<string, SceneFilm>();
  for (const [nth, moment] of camera.moments.entries()) {
    const key = `${moment.dayNumber} ${moment.part}`;
    const { width, height } = drawnSize;
    const film = films.get(key) ?? new SceneFilm(camera.view, moment.part, moment.dayNumber, width, height);
    films.set(key, film);
    const clear = film.at((moment.hour * 7.3) % 12);
    const stagings = [asItIs, ...stagingsAt(moment, nth, camera.seed)];
    const shown: RgbPicture[] = [];
    for (const [index, staging] of stagings.entries()) {
      const picture = await stagedPicture(camera, moment, clear, staging, nth * 10 + index);
      shown.push(await burnOverlay(camera, picture, moment.hour));
    }
    const jpegs = await encodedPictures(shown, camera.coding);
    for (const [index, { kind, expected }] of stagings.entries())
      yield { jpeg: jpegs[index]!, nth, moment, kind, expected, real: index === 0, leadUp: [] };
    if (nth % 2 === 1) yield await runOf(camera, moment, clear, nth, 'the same picture again');
    if (nth % 4 === 3 || moment.hour % 24 === 1)
      yield await runOf(camera, moment, clear, nth, 'nothing but noise');
  }
}

/** Pictures in a row of a camera that is frozen while its clock runs, or of a site where nothing moves and no light changes. */
async function runOf(
  camera: SetCamera,
  moment: Moment,
  clear: SceneLayers,
  nth: number,
  kind: 'the same picture again' | 'nothing but noise',
): Promise<Sample> {
  const frozen = kind === 'the same picture again';
  const bare = await stagedPicture(
    camera,
    moment,
    clear,
    frozen ? asItIs : { ...asItIs, noiseless: true },
    nth * 10,
  );
  const frames: RgbPicture[] = [];
  for (let n = 0; n < (WARM_UP + RUN) * RUN_GOP; n += 1) {
    const picture = copyOf(bare);
    if (!frozen) addGrain(camera, moment, picture, nth * 100 + n);
    const hour = moment.hour + Math.floor(n / RUN_GOP) * RUN_HOURS + (n % RUN_GOP) / 36_000;
    frames.push(await burnOverlay(camera, picture, hour));
  }
  const jpegs = (await encodedPictures(frames, camera.coding, RUN_GOP)).slice(WARM_UP);
  const jpeg = jpegs.pop()!;
  return { jpeg, nth, moment, kind, expected: frozen ? 'frozen' : 'ok', real: false, leadUp: jpegs };
}

import { readFile, readdir, writeFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TimelapseCreate, Timelapse } from '../../../../gateway/contract/timelapse.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import {
  addPicture,
  finished,
  grayFrames,
  mean,
  openFilms,
  probe,
  scene,
  tempFolder,
} from './film-fixture.ts';
import type { FilmOptions, Films } from './film-fixture.ts';

const FROM = '2026-11-23T00:00:00.000Z';
const wish: TimelapseCreate = {
  cameraId: 'cam_a',
  from: FROM,
  to: '2026-11-24T00:00:00Z',
  fps: 25,
  height: 180,
};

let root: Awaited<ReturnType<typeof tempFolder>>;
let at: Films;

beforeEach(async () => {
  root = await tempFolder();
  at = await openFilms(root.path);
});
afterEach(async () => {
  await at.films.stop();
  await at.database.destroy();
  await root.remove();
});

async function reopen(options: FilmOptions = {}): Promise<void> {
  await at.films.stop();
  await at.database.destroy();
  at = await openFilms(root.path, options);
}

function minute(nth: number): string {
  return new Date(Date.parse(FROM) + nth * 60_000).toISOString();
}

async function addScenes(count: number, luma: (nth: number) => number, first = 0): Promise<void> {
  for (let nth = first; nth < first + count; nth += 1)
    await addPicture(at, 'cam_a', minute(nth), await scene(luma(nth)));
}

async function make(over: Partial<TimelapseCreate> = {}): Promise<Timelapse> {
  return finished(at.films, await at.films.create({ ...wish, ...over }));
}

function fileOf({ id }: Timelapse): string {
  return join(root.path, 'timelapses', `${id}.mp4`);
}

describe('a time-lapse', () => {
  it('is an H.264 High MP4 of 1080 lines with its index in front, which phones play', async () => {
    await addScenes(3, () => 110);
    await at.films.start();
    const film = await make({ height: 1080, fps: 10 });
    expect(film).toMatchObject({
      state: 'done',
      pictures: 3,
      skipped: 0,
      progress: 1,
      width: 1920,
      error: null,
    });
    expect(await probe(fileOf(film))).toMatchObject({
      codec_name: 'h264',
      profile: 'High',
      pix_fmt: 'yuv420p',
      width: 1920,
      height: 1080,
      color_space: 'bt709',
      nb_frames: '3',
      r_frame_rate: '10/1',
    });
    const bytes = await readFile(fileOf(film));
    expect(bytes.length).toBe(film.bytes);
    expect(bytes.indexOf('moov')).toBeLessThan(bytes.indexOf('mdat'));
  });

  it('is steady where the pictures flicker: the variance of luma falls more than twentyfold', async () => {
    const flicker = (nth: number): number => (nth % 2 === 0 ? 80 : 140) + (nth % 5) * 4;
    await addScenes(24, flicker);
    await at.films.start();
    const film = await make();
    const lumas = (await grayFrames(fileOf(film), 320, 180)).map(mean);
    expect(lumas).toHaveLength(24);
    const before = variance(Array.from({ length: 24 }, (_, nth) => flicker(nth)));
    expect(before / variance(lumas)).toBeGreaterThan(20);
    // Not grey soup: the chequers are still there.
    expect(spread((await grayFrames(fileOf(film), 320, 180))[12])).toBeGreaterThan(40);
  });

  it('keeps the course of the day', async () => {
    await addScenes(24, (nth) => 60 + nth * 4);
    await at.films.start();
    const lumas = (await grayFrames(fileOf(await make()), 320, 180)).map(mean);
    expect((lumas[20] ?? 0) - (lumas[3] ?? 0)).toBeGreaterThan(50);
  });

  it('bears the date at the lower left and bars beside other shapes', async () => {
    for (const nth of [0, 1]) await addPicture(at, 'cam_a', minute(nth), await scene(120, 240, 180));
    await at.films.start();
    const [frame] = await grayFrames(fileOf(await make({ height: 360 })), 640, 360);
    const pixel = (x: number, y: number): number => frame?.[y * 640 + x] ?? -1;
    expect(pixel(20, 100)).toBeLessThan(20);
    expect(pixel(320, 100)).toBeGreaterThan(40);
    const plate: number[] = [];
    for (let y = 330; y < 350; y += 1) for (let x = 88; x < 190; x += 1) plate.push(pixel(x, y));
    expect(Math.max(...plate)).toBeGreaterThan(220);
  });

  it('leaves out what its file does not hold any more, and says how many', async () => {
    await addScenes(4, () => 110);
    await at.blobs.put('snapshots/cam_a/broken.jpg', Buffer.from('no picture'));
    await at.database
      .withTables<{ snapshots: { blob_key: string; seq: number } }>()
      .updateTable('snapshots')
      .set({ blob_key: 'snapshots/cam_a/broken.jpg' })
      .where('seq', '=', 2)
      .execute();
    await at.films.start();
    expect(await make()).toMatchObject({ state: 'done', pictures: 3, skipped: 1 });
  });

  it('fails with a plain reason where there is nothing to show', async () => {
    await at.films.start();
    expect(await make()).toMatchObject({
      state: 'failed',
      error: expect.stringMatching(/no pictures of this/),
    });
    await addPicture(at, 'cam_a', minute(0), await scene(110), 'black');
    expect(await make()).toMatchObject({ state: 'failed', error: expect.stringMatching(/dark, glaring/) });
    expect(await make({ hour: 20 })).toMatchObject({
      state: 'failed',
      error: expect.stringMatching(/near that hour/),
    });
  });

  it('fails with a plain reason where it is too long, or the disk too full', async () => {
    await addScenes(4, () => 110);
    await reopen({ maxPictures: 3 });
    await at.films.start();
    expect(await make()).toMatchObject({
      state: 'failed',
      error: expect.stringMatching(/more than 3 pictures/),
    });
    await reopen({ reserveBytes: 1e18 });
    await at.films.start();
    expect(await make()).toMatchObject({ state: 'failed', error: expect.stringMatching(/disk is too full/) });
    expect(await readdir(join(root.path, 'timelapses'))).toEqual([]);
  });
});

describe('the queue of time-lapses', () => {
  it('makes one after another in the order of asking, and tells how they stand', async () => {
    await addScenes(6, () => 110);
    const told: string[] = [];
    await at.films.start();
    at.films.onUpdate(({ id, state }) => told.push(`${id} ${state}`));
    const first = await at.films.create(wish);
    const second = await at.films.create(wish);
    await finished(at.films, second);
    const states = told.filter((line, nth) => told.indexOf(line) === nth);
    expect(states.indexOf(`${first} done`)).toBeLessThan(states.indexOf(`${second} running`));
    expect(states).toHaveLength(6);
    const { items, nextCursor } = await at.films.list(['cam_a'], 1);
    expect(items).toMatchObject([{ id: second }]);
    const rest = await at.films.list(['cam_a'], 10, nextCursor ?? '');
    expect(rest).toMatchObject({ items: [{ id: first }], nextCursor: null });
    expect(await at.films.list(['cam_other'], 10)).toEqual({ items: [], nextCursor: null });
  });

  it('cancels what waits and what is being made, and removes what is finished', async () => {
    await addScenes(12, () => 110);
    await at.films.start();
    const running = await at.films.create({ ...wish, height: 720 });
    const waiting = await at.films.create(wish);
    await new Promise<void>((resolve) => {
      at.films.onUpdate(({ id, pictures }) => id === running && pictures > 0 && resolve());
    });
    await at.films.remove(waiting);
    await at.films.remove(running);
    expect(await at.films.get(running)).toMatchObject({ state: 'cancelled', url: null });
    expect(await at.films.get(waiting)).toMatchObject({ state: 'cancelled' });
    expect(await readdir(join(root.path, 'timelapses'))).toEqual([]);
    await at.films.remove(running);
    expect(await at.films.get(running)).toBeUndefined();
    const film = await make();
    await at.films.remove(film.id);
    expect(await readdir(join(root.path, 'timelapses'))).toEqual([]);
    await expect(at.films.remove(film.id)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('is bounded', async () => {
    await reopen({ maxQueued: 2 });
    await at.films.create(wish);
    await at.films.create(wish);
    await expect(at.films.create(wish)).rejects.toMatchObject({ code: 'too-many-requests' });
  });

  it('goes on after a stop, and begins again what was interrupted', async () => {
    await addScenes(12, () => 110);
    await at.films.start();
    const id = await at.films.create({ ...wish, height: 720 });
    await new Promise<void>((resolve) => {
      at.films.onUpdate(({ pictures }) => pictures > 0 && resolve());
    });
    await reopen();
    expect(await at.films.get(id)).toMatchObject({ state: 'queued' });
    await at.films.start();
    expect(await finished(at.films, id)).toMatchObject({ state: 'done', pictures: 12 });
  });

  it('clears away at start what nobody names, and gives up a film that ends the gateway every time', async () => {
    await at.films.create(wish);
    await at.database
      .withTables<{ timelapses: { state: string; attempts: number } }>()
      .updateTable('timelapses')
      .set({ state: 'running', attempts: 3 })
      .execute();
    await mkdir(join(root.path, 'timelapses/tlp_x.part'), { recursive: true });
    await writeFile(join(root.path, 'timelapses/tlp_x.part/timelapse.mp4'), 'half');
    await writeFile(join(root.path, 'timelapses/tlp_y.mp4'), 'nobody’s');
    await at.films.start();
    expect(await readdir(join(root.path, 'timelapses'))).toEqual([]);
    expect((await at.films.list(null, 10)).items).toMatchObject([{ state: 'failed' }]);
  });

  it('keeps films for their days, and those of an erased camera not at all', async () => {
    const clock = new FakeClock('2026-11-24T00:00:00Z');
    await addScenes(2, () => 110);
    await reopen({ clock, keepDays: 30 });
    await at.films.start();
    const film = await make();
    expect(film.state).toBe('done');
    await clock.advance(29 * 86_400_000);
    expect(await at.films.video(film.id)).toBeDefined();
    await clock.advance(2 * 86_400_000);
    await expect.poll(() => at.films.get(film.id)).toBeUndefined();
    const other = await make();
    await at.films.eraseOf('cam_a');
    expect(await at.films.get(other.id)).toBeUndefined();
    expect(await readdir(join(root.path, 'timelapses'))).toEqual([]);
  });
});

function variance(values: readonly number[]): number {
  const middle = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / values.length;
}

function spread(pixels: Uint8Array | undefined): number {
  return pixels ? Math.max(...pixels.subarray(0, 6400)) - Math.min(...pixels.subarray(0, 6400)) : 0;
}

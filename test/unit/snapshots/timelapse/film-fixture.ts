import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import type { Clock } from '../../../../gateway/base/clock.ts';
import { systemClock } from '../../../../gateway/base/clock.ts';
import { openDatabase } from '../../../../gateway/base/database.ts';
import { FileBlobs } from '../../../../gateway/base/file-blobs.ts';
import { silentLogger } from '../../../../gateway/base/logger.ts';
import { migrate } from '../../../../gateway/base/migrations.ts';
import type { PictureQuality } from '../../../../gateway/contract/snapshot.ts';
import type { Timelapse } from '../../../../gateway/contract/timelapse.ts';
import { findFfmpeg } from '../../../../gateway/ffmpeg/find-ffmpeg.ts';
import { measurePicture } from '../../../../gateway/snapshots/picture-measure.ts';
import { SnapshotStore } from '../../../../gateway/snapshots/snapshot-store.ts';
import { migrations } from '../../../../gateway/snapshots/snapshots-migrations.ts';
import { TimelapseFolder } from '../../../../gateway/snapshots/timelapse/timelapse-folder.ts';
import { TimelapseMaker } from '../../../../gateway/snapshots/timelapse/timelapse-maker.ts';
import { timelapseMigrations } from '../../../../gateway/snapshots/timelapse/timelapse-migrations.ts';
import { TimelapseStore } from '../../../../gateway/snapshots/timelapse/timelapse-store.ts';
import { Timelapses } from '../../../../gateway/snapshots/timelapse/timelapses.ts';
import type { TimelapsesOptions } from '../../../../gateway/snapshots/timelapse/timelapses.ts';

/** What of the films a test wants otherwise. */
export interface FilmOptions {
  clock?: Clock;
  maxPictures?: number;
  reserveBytes?: number;
  maxQueued?: number;
  keepDays?: number;
}

/** The queue of films over a database and files in `root`, as the gateway wires it. */
export async function openFilms(root: string, options: FilmOptions = {}) {
  const database = openDatabase(`sqlite:${join(root, 'gantry.db')}`);
  await migrate(database, [...migrations, ...timelapseMigrations]);
  const clock = options.clock ?? systemClock;
  const store = new TimelapseStore(database);
  const blobs = new FileBlobs(join(root, 'pictures'));
  const folder = new TimelapseFolder(join(root, 'timelapses'));
  const maker = new TimelapseMaker({
    clock,
    logger: silentLogger,
    blobs,
    program: () => findFfmpeg(),
    folder,
    pictures: (...range) => store.pictures(...range),
    timeZone: 'Asia/Shanghai',
    maxPictures: options.maxPictures ?? 1000,
    reserveBytes: options.reserveBytes ?? 0,
  });
  const shared: TimelapsesOptions = {
    clock,
    logger: silentLogger,
    store,
    folder,
    maker,
    maxQueued: options.maxQueued ?? 20,
    keepDays: options.keepDays ?? 30,
  };
  return {
    database,
    blobs,
    store,
    folder,
    films: new Timelapses(shared),
    record: new SnapshotStore(database),
  };
}

export type Films = Awaited<ReturnType<typeof openFilms>>;

/** A folder that goes with the test. */
export async function tempFolder(): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'gantry-films-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

let made = 0;
const measured = new WeakMap<Buffer, PictureQuality>();
const drawn = new Map<string, Promise<Buffer>>();

/** Puts a picture into the record as capture does, with its true measures unless the test says otherwise. */
export async function addPicture(
  { blobs, record }: Pick<Films, 'blobs' | 'record'>,
  cameraId: string,
  takenAt: string,
  jpeg: Buffer,
  verdict?: PictureQuality['verdict'],
): Promise<void> {
  const quality = measured.get(jpeg) ?? (await measurePicture(jpeg)).quality;
  measured.set(jpeg, quality);
  const id = `snp_${(made += 1)}`;
  const blobKey = `snapshots/${cameraId}/${id}.jpg`;
  await blobs.put(blobKey, jpeg);
  await record.append({
    id,
    camera_id: cameraId,
    taken_at_ms: Date.parse(takenAt),
    scheduled_for_ms: null,
    width: 320,
    height: 180,
    bytes: jpeg.length,
    sha256: '0'.repeat(64),
    source: 'keyframe',
    luma: quality.luma,
    sharpness: quality.sharpness,
    verdict: verdict ?? quality.verdict,
    milestone_id: null,
    note: null,
    blob_key: blobKey,
  });
}

/** A busy scene whose mean luminance is about `luma`. */
export function scene(luma: number, width = 320, height = 180): Promise<Buffer> {
  const key = `${luma} ${width} ${height}`;
  const known = drawn.get(key) ?? drawScene(luma, width, height);
  drawn.set(key, known);
  return known;
}

function drawScene(luma: number, width: number, height: number): Promise<Buffer> {
  const pixels = Buffer.alloc(width * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const pattern = ((x >> 3) + (y >> 3)) % 2 === 0 ? 0.6 : 1.4;
      pixels[y * width + x] = Math.min(255, luma * pattern);
    }
  }
  const raw = { width, height, channels: 1 as const };
  return sharp(pixels, { raw }).jpeg({ quality: 90 }).toBuffer();
}

/** Waits until a film is finished. */
export async function finished(films: Films['films'], id: string): Promise<Timelapse> {
  for (;;) {
    const film = await films.get(id);
    if (film && film.state !== 'queued' && film.state !== 'running') return film;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The frames of a film as gray pictures of the given size. */
export async function grayFrames(file: string, width: number, height: number): Promise<Buffer[]> {
  const args = ['-v', 'error', '-i', file, '-f', 'rawvideo', '-pix_fmt', 'gray'];
  const { stdout } = await promisify(execFile)('ffmpeg', [...args, '-s', `${width}x${height}`, '-'], {
    encoding: 'buffer',
    maxBuffer: 1 << 28,
  });
  const size = width * height;
  return Array.from({ length: stdout.length / size }, (_, at) => stdout.subarray(at * size, (at + 1) * size));
}

/** What ffprobe says of the video stream. */
export async function probe(file: string): Promise<Record<string, unknown>> {
  const args = ['-v', 'error', '-show_streams', '-of', 'json', file];
  const { stdout } = await promisify(execFile)('ffprobe', args);
  const { streams } = JSON.parse(stdout) as { streams: Record<string, unknown>[] };
  return streams[0] ?? {};
}

export function mean(pixels: Uint8Array): number {
  return pixels.reduce((sum, value) => sum + value, 0) / pixels.length;
}

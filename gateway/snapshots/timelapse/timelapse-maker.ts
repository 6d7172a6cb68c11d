import type { Blobs } from '../../base/blobs.ts';
import type { Clock } from '../../base/clock.ts';
import type { Logger } from '../../base/logger.ts';
import type { FfmpegProgram } from '../../ffmpeg/find-ffmpeg.ts';
import { encodeTimelapse } from '../../ffmpeg/timelapse-encoder.ts';
import type { TimelapseEnd } from '../../ffmpeg/timelapse-encoder.ts';
import { choosePictures } from './choose-pictures.ts';
import type { TimelapsePicture } from './choose-pictures.ts';
import { stampText } from './date-stamp.ts';
import { steadyLuma } from './steady-luma.ts';
import type { TimelapseFolder } from './timelapse-folder.ts';
import { timelapseFrame } from './timelapse-frame.ts';
import type { TimelapseRow } from './timelapse-row.ts';

/** What making films needs. */
export interface TimelapseMakerOptions {
  clock: Clock;
  logger: Logger;
  blobs: Pick<Blobs, 'get'>;
  program: () => Promise<FfmpegProgram>;
  folder: TimelapseFolder;
  pictures: (cameraId: string, fromMs: number, toMs: number) => AsyncIterable<TimelapsePicture>;
  timeZone: string;
  maxPictures: number;
  reserveBytes: number;
}

/** How a film stands while it is made. */
export interface FilmProgress {
  pictures: number;
  skipped: number;
  progress: number;
}

/** A film made, or in plain words why not; `aborted` says nothing of the film. */
export type FilmEnd =
  | { kind: 'made'; pictures: number; skipped: number; bytes: number }
  | { kind: 'failed'; why: string; skipped: number }
  | { kind: 'aborted' };

/** More than an encoded frame ever took at this quality, bytes for each of its pixels. */
const MOST_BYTES_A_PIXEL = 0.2;

/** Makes one film after another out of stored pictures, one picture in memory at a time. */
export class TimelapseMaker {
  readonly #options: TimelapseMakerOptions;

  constructor(options: TimelapseMakerOptions) {
    this.#options = options;
  }

  /** Throws `ffmpeg-missing` and `storage-failed`; whatever comes out, nothing is left behind but a film that was made. */
  async make(
    row: TimelapseRow,
    signal: AbortSignal,
    onProgress: (at: FilmProgress) => void,
  ): Promise<FilmEnd> {
    const { pictures, timeZone, maxPictures, folder, program } = this.#options;
    const wish = { everyMin: row.every_min, hour: row.hour, timeZone };
    const chosen = await choosePictures(pictures(row.camera_id, row.from_ms, row.to_ms), wish, maxPictures);
    if (chosen.kind === 'too-many')
      return failed(
        `the range has more than ${maxPictures} pictures: choose a larger interval or fewer days`,
      );
    if (chosen.pictures.length === 0) return failed(whyNone(chosen), chosen.skipped);
    const shortage = await this.#shortage(row, chosen.pictures.length);
    if (shortage) return failed(shortage, chosen.skipped);
    const { path } = await program();
    const film = new Film(this.#options, row, chosen.pictures, (at) =>
      onProgress({ ...at, skipped: at.skipped + chosen.skipped }),
    );
    const work = await folder.begin(row.id);
    try {
      const { clock } = this.#options;
      const frames = film.frames(signal);
      const end = await encodeTimelapse({ path, folder: work, format: row, frames, clock, signal });
      const skipped = chosen.skipped + film.unreadable;
      const aborted = !end.ok && end.reason === 'aborted';
      if (film.shown === 0 && !aborted)
        return failed('none of the pictures in this range can be read any more', skipped);
      if (!end.ok) return this.#unmade(end, row.id, skipped);
      return { kind: 'made', pictures: film.shown, skipped, bytes: await folder.publish(row.id) };
    } finally {
      await folder.abandon(row.id);
    }
  }

  #unmade({ reason, stderr }: Exclude<TimelapseEnd, { ok: true }>, id: string, skipped: number): FilmEnd {
    if (reason === 'aborted') return { kind: 'aborted' };
    if (/no space left/i.test(stderr)) return failed('the disk ran full while the film was made', skipped);
    this.#options.logger.error({ timelapse: id, reason, said: stderr }, 'FFmpeg could not make a time-lapse');
    if (reason === 'stalled') return failed('FFmpeg stopped working and was ended', skipped);
    return failed('FFmpeg could not make the film; the log has what it said', skipped);
  }

  /** In plain words, that the disk has no room; undefined when it has. */
  async #shortage({ width, height }: TimelapseRow, pictures: number): Promise<string | undefined> {
    const needed = pictures * width * height * MOST_BYTES_A_PIXEL + this.#options.reserveBytes;
    const free = await this.#options.folder.freeBytes();
    if (free >= needed) return undefined;
    return `the disk is too full: ${megabytes(needed)} MB must be free for this film, ${megabytes(free)} MB are`;
  }
}

/** The frames of one film; counts what it shows. */
class Film {
  readonly #options: TimelapseMakerOptions;
  readonly #row: TimelapseRow;
  readonly #pictures: readonly TimelapsePicture[];
  readonly #targets: readonly number[];
  readonly #onProgress: (at: FilmProgress) => void;
  shown = 0;
  unreadable = 0;

  constructor(
    options: TimelapseMakerOptions,
    row: TimelapseRow,
    pictures: readonly TimelapsePicture[],
    onProgress: (at: FilmProgress) => void,
  ) {
    this.#options = options;
    this.#row = row;
    this.#pictures = pictures;
    this.#targets = steadyLuma(pictures.map(({ luma }) => luma));
    this.#onProgress = onProgress;
  }

  async *frames(signal: AbortSignal): AsyncGenerator<Buffer> {
    for (const [index, picture] of this.#pictures.entries()) {
      if (signal.aborted) return;
      const frame = await this.#frame(picture, this.#targets[index] ?? picture.luma);
      if (frame) {
        this.shown += 1;
        yield frame;
      } else this.unreadable += 1;
      const progress = (index + 1) / this.#pictures.length;
      this.#onProgress({ pictures: this.shown, skipped: this.unreadable, progress });
    }
  }

  /** Undefined where the file is gone (retention) or no picture any more. */
  async #frame(picture: TimelapsePicture, targetLuma: number): Promise<Buffer | undefined> {
    const jpeg = await this.#options.blobs.get(picture.blobKey);
    if (!jpeg) return undefined;
    const { width, height } = this.#row;
    const stamp = stampText(picture.takenAtMs, this.#options.timeZone);
    return timelapseFrame(jpeg, { width, height, targetLuma, stamp }).catch(() => undefined);
  }
}

function failed(why: string, skipped = 0): FilmEnd {
  return { kind: 'failed', why, skipped };
}

function whyNone({ seen, skipped }: { seen: number; skipped: number }): string {
  if (seen === 0) return 'there are no pictures of this camera in this range';
  if (skipped === 0) return 'there are no pictures near that hour in this range';
  return 'every picture in this range is dark, glaring, blurred, covered or frozen';
}

function megabytes(bytes: number): number {
  return Math.ceil(bytes / 1_000_000);
}

import { expect } from 'vitest';
import { silentLogger } from '../../gateway/base/logger.ts';
import type { StreamInfo } from '../../gateway/contract/camera.ts';
import type { Rendition } from '../../gateway/contract/live.ts';
import { findFfmpeg } from '../../gateway/ffmpeg/find-ffmpeg.ts';
import type { Sample } from '../../gateway/ingest/media.ts';
import { ConvertedFeeds } from '../../gateway/packaging/convert/converted-feeds.ts';
import { LiveStreams } from '../../gateway/packaging/live-streams.ts';
import { copySample } from './encoded-media.ts';
import type { EncodedMedia } from './encoded-media.ts';
import { FakeClock } from './fake-clock.ts';
import { SampleFeeds } from './sample-feeds.ts';

/** The one camera of a live site. */
export const CAMERA = 'cam_1';

/** LiveStreams over feeds that the test fills, on a clock that it owns. */
export interface LiveSite {
  clock: FakeClock;
  feeds: SampleFeeds;
  converted: ConvertedFeeds;
  live: LiveStreams;
  cameras: Map<string, Rendition[]>;
}

/** A site with one camera; stop its `live` after the test. */
export function makeSite(
  options: { renditions?: Rendition[]; info?: StreamInfo | null; segments?: number } = {},
): LiveSite {
  const clock = new FakeClock();
  const feeds = new SampleFeeds();
  const cameras = new Map([[CAMERA, options.renditions ?? ['main' as const]]]);
  const converted = new ConvertedFeeds({
    clock,
    logger: silentLogger,
    feeds,
    program: () => findFfmpeg(),
    maxConcurrent: 2,
    idleTimeoutSec: 30,
  });
  const live = new LiveStreams({
    clock,
    logger: silentLogger,
    feeds,
    converted,
    cameras: {
      has: (id) => cameras.has(id),
      renditions: (id) => cameras.get(id) ?? [],
      streamInfo: () => options.info ?? null,
      lowSource: () => 'main',
    },
    segmentSec: 2,
    segments: options.segments ?? 6,
    session: 3,
  });
  live.start();
  const site = { clock, feeds, converted, live, cameras };
  return site;
}

/** Plays samples at the pace of their times; `each` runs after every sample. */
export async function play(
  site: LiveSite,
  media: EncodedMedia,
  options: {
    profile?: 'main' | 'sub';
    epoch?: number;
    dtsShift?: number;
    seconds?: number;
    each?: () => Promise<void>;
  } = {},
): Promise<void> {
  const { profile = 'main', epoch = 1, dtsShift = 0, seconds = Infinity, each } = options;
  const startMs = site.clock.now();
  site.feeds.tracks(CAMERA, profile, { ...media.tracks, epoch });
  for (const sample of media.samples) {
    const scale = sample.kind === 'video' ? 90_000 : (media.tracks.audio?.timescale ?? 1);
    const sec = sample.dts / scale;
    if (sec >= seconds) break;
    const dueMs = startMs + sec * 1000;
    if (dueMs > site.clock.now()) site.clock.advanceNow(dueMs - site.clock.now());
    const shift = Math.round(dtsShift * scale);
    site.feeds.sample(
      CAMERA,
      profile,
      copySample(sample, {
        dts: sample.dts + shift,
        pts: sample.pts + shift,
        capturedAtMs: dueMs,
        receivedAtMs: dueMs,
        epoch,
      }),
    );
    await each?.();
  }
}

/** A plain HLS player: loads the playlist and whatever segment it does not have yet. */
export class Player {
  readonly init = new Map<string, Buffer>();
  /** Segments with the name of their init segment, by number. */
  readonly segments = new Map<number, { map: string; bytes: Buffer }>();
  text = '';
  readonly #live: LiveStreams;
  readonly #rendition: Rendition;

  constructor(live: LiveStreams, rendition: Rendition = 'main') {
    this.#live = live;
    this.#rendition = rendition;
  }

  async load(): Promise<void> {
    this.text = await this.#live.playlist(CAMERA, this.#rendition);
    let map = '';
    for (const line of this.text.split('\n')) {
      map = /^#EXT-X-MAP:URI="(.*)"$/.exec(line)?.[1] ?? map;
      const msn = Number(/^seg-(\d+)\.m4s$/.exec(line)?.[1] ?? Number.NaN);
      if (Number.isNaN(msn) || this.segments.has(msn)) continue;
      if (!this.init.has(map)) this.init.set(map, await this.#bytes(map));
      this.segments.set(msn, { map, bytes: await this.#bytes(line) });
    }
  }

  /** All segments of one init segment as one file. */
  file(map: string): Buffer {
    const segments = [...this.segments.values()].filter((segment) => segment.map === map);
    return Buffer.concat([
      this.init.get(map) ?? Buffer.alloc(0),
      ...segments.map((segment) => segment.bytes),
    ]);
  }

  async #bytes(name: string): Promise<Buffer> {
    return bytesOf(await this.#live.file(CAMERA, this.#rendition, name));
  }
}

/** The bytes of a live file, whose length must be as told. */
export function bytesOf(file: { chunks: readonly Buffer[]; byteLength: number }): Buffer {
  const bytes = Buffer.concat([...file.chunks]);
  expect(bytes.byteLength).toBe(file.byteLength);
  return bytes;
}

/** Video frames among samples. */
export function framesIn(samples: readonly Sample[]): number {
  return samples.filter((sample) => sample.kind === 'video').length;
}

/** Plays `media` to a player that loads the list about every half second, and a last key frame that ends the last segment. */
export async function watch(
  site: LiveSite,
  media: EncodedMedia,
  options: { dtsShift?: number } = {},
): Promise<Player> {
  const player = new Player(site.live);
  let count = 0;
  let loading: Promise<void> | undefined;
  await play(site, media, {
    ...options,
    each: async () => {
      count += 1;
      if (count === 5) loading = player.load();
      if (count % 15 !== 0) return;
      await loading;
      loading = player.load();
      await loading;
    },
  });
  site.feeds.tracks(CAMERA, 'main', { ...media.tracks, epoch: 9 });
  for (const sample of media.samples.slice(0, 12))
    site.feeds.sample(CAMERA, 'main', copySample(sample, { epoch: 9 }));
  await player.load();
  return player;
}

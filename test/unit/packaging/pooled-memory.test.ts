import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createLogger } from '../../../gateway/base/logger.ts';
import { AccessUnit } from '../../../gateway/ingest/codec/access-unit.ts';
import { FeedAudience } from '../../../gateway/ingest/feed-audience.ts';
import type { Feeds } from '../../../gateway/ingest/feeds.ts';
import type { StreamTracks, VideoTrack } from '../../../gateway/ingest/media.ts';
import { Slab, SlabPool } from '../../../gateway/ingest/slab-pool.ts';
import type { LiveFile } from '../../../gateway/packaging/hls/hls-output.ts';
import { StreamPackager } from '../../../gateway/packaging/stream-packager.ts';
import type { LiveViewer } from '../../../gateway/packaging/ws/ws-output.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const FRAME_MS = 40;
const GOP_FRAMES = 50;
const GOPS = 40;
/** 24 s: longer than what ingest holds for newcomers. */
const LONG_GOP_FRAMES = 600;

const video: VideoTrack = {
  kind: 'video',
  codec: 'h264',
  timescale: 90_000,
  codecString: 'avc1.64001f',
  profile: 'High',
  width: 640,
  height: 360,
  sar: { width: 1, height: 1 },
  fps: 25,
  parameterSets: { vps: [], sps: [Uint8Array.of(0x67, 100, 0, 31)], pps: [Uint8Array.of(0x68)] },
};

/** Memory that is spoilt as soon as it is free: whoever reads it after that reads nonsense. */
class SpoilingPool extends SlabPool {
  /** Slabs that someone holds. */
  held = 0;
  freed = 0;

  override take(leastBytes: number): Slab {
    this.held += 1;
    return new Slab(Buffer.allocUnsafeSlow(Math.max(leastBytes, 64 * 1024)), ({ bytes }) => {
      this.held -= 1;
      this.freed += 1;
      bytes.fill(0xee);
    });
  }
}

/** A viewer whose network takes its time, of a different length for each message. */
class LateViewer implements LiveViewer {
  readonly #clock: FakeClock;
  readonly spoilt: string[] = [];
  taken = 0;
  #waiting = 0;

  constructor(clock: FakeClock) {
    this.#clock = clock;
  }

  text(): void {}

  binary(chunks: readonly Buffer[], onTaken?: () => void): void {
    const wanted = hashOf(chunks);
    this.#waiting += 1;
    this.#clock.after(((this.taken + this.#waiting) % 7) * 900, () => {
      if (hashOf(chunks) !== wanted) this.spoilt.push(`message ${this.taken}`);
      this.taken += 1;
      this.#waiting -= 1;
      onTaken?.();
    });
  }

  bufferedBytes(): number {
    return 0;
  }

  close(): void {}
}

function hashOf(chunks: readonly Uint8Array[]): string {
  const hash = createHash('sha1');
  for (const chunk of chunks) hash.update(chunk);
  return hash.digest('hex');
}

function makeSite() {
  const clock = new FakeClock();
  const pool = new SpoilingPool();
  const unit = new AccessUnit(pool);
  const audience = new FeedAudience((error) => expect(error).toBeUndefined());
  const feeds: Pick<Feeds, 'subscribe' | 'status'> = {
    subscribe(_camera, _profile, listener) {
      const subscriber = audience.join(listener, 0);
      return () => audience.leave(subscriber);
    },
    status: () => ({ state: 'running', failure: null }) as ReturnType<Feeds['status']>,
  };
  const packager = new StreamPackager({
    clock,
    logger: createLogger('silent'),
    feeds,
    cameraId: 'camera',
    profile: 'main',
    segmentSec: 2,
    segments: 6,
    targetDurationSec: () => 2,
    gopSec: () => null,
    discontinuitySequence: 0,
    placeOf: () => 90_000,
  });
  const frame = (index: number, epoch: number, gopFrames = GOP_FRAMES): void => {
    const key = index % gopFrames === 0;
    const bytes = Buffer.alloc(key ? 30_000 : 3000, index % 251);
    unit.addNal(key ? 5 : 1, bytes, 0, bytes.length);
    const dts = index * FRAME_MS * 90;
    const times = { dts, pts: dts, capturedAtMs: clock.now(), receivedAtMs: clock.now() };
    const data = unit.build(() => true);
    audience.sample({ kind: 'video', data, memory: unit.memory, key, epoch, ...times });
  };
  const tracks = (epoch: number): StreamTracks => ({ epoch, video, audio: null });
  return { clock, pool, unit, audience, packager, frame, tracks };
}

describe('memory that is used again', () => {
  it('is never written while a playlist, a download or a socket still needs it, and is free once all are gone', async () => {
    const site = makeSite();
    const { clock, packager, audience, pool } = site;
    const viewers = [new LateViewer(clock), new LateViewer(clock)];
    packager.start();
    audience.tracks(site.tracks(1));
    for (let index = 0; index < GOP_FRAMES; index += 1) site.frame(index, 1);
    await packager.playlist({}, () => []);
    const detach = viewers.map((viewer) => packager.attach(viewer));
    const downloads: { file: LiveFile; wanted: string; endsAt: number; name: string }[] = [];
    const seen = new Map<string, string>();
    for (let gop = 1; gop < GOPS; gop += 1) {
      // The camera restarts in the middle: what waited for the run that never opened is let go as well.
      const epoch = gop < GOPS / 2 ? 1 : 2;
      if (gop === GOPS / 2) audience.tracks(site.tracks(epoch));
      for (let index = 0; index < GOP_FRAMES; index += 1) {
        clock.advanceNow(FRAME_MS);
        site.frame(gop * GOP_FRAMES + index, epoch);
      }
      const text = await packager.playlist({}, () => []);
      for (const name of text.match(/(?:seg|part)-[\d-]+\.m4s(?=$|")/gm)?.slice(0, -1) ?? []) {
        const file = await packager.file(name);
        if (!file) continue;
        const wanted = seen.get(name) ?? hashOf(file.chunks);
        seen.set(name, wanted);
        downloads.push({ file, wanted, endsAt: gop + 1 + (downloads.length % 9), name });
      }
      for (const { file, wanted, name } of downloads.filter(({ endsAt }) => endsAt === gop)) {
        expect(hashOf(file.chunks), name).toBe(wanted);
        file.release();
      }
    }
    expect(seen.size).toBeGreaterThan(GOPS * 3);
    expect(pool.freed).toBeGreaterThan(GOPS);
    for (const stop of detach) stop();
    clock.advanceNow(10_000);
    for (const viewer of viewers) expect(viewer.spoilt).toEqual([]);
    expect(viewers[0]?.taken).toBeGreaterThan(GOPS * GOP_FRAMES - 100);
    for (const { file, wanted, name, endsAt } of downloads.filter((download) => download.endsAt >= GOPS)) {
      expect(hashOf(file.chunks), `${name} until ${endsAt}`).toBe(wanted);
      file.release();
    }
    packager.stop(1001, 'over');
    audience.endRun();
    site.unit.close();
    expect(pool.held).toBe(0);
  });

  it('is kept for a GOP that ingest has let go as too long', () => {
    const site = makeSite();
    const { clock, packager, audience, pool } = site;
    packager.start();
    audience.tracks(site.tracks(1));
    for (let index = 0; index < LONG_GOP_FRAMES; index += 1) {
      clock.advanceNow(FRAME_MS);
      site.frame(index, 1, LONG_GOP_FRAMES);
    }
    const got: Buffer[] = [];
    const viewer = new LateViewer(clock);
    viewer.binary = (chunks, onTaken) => {
      got.push(...chunks.map((chunk) => Buffer.from(chunk)));
      onTaken?.();
    };
    packager.attach(viewer)();
    // Behind the init segment: each frame as it came, its header in front.
    const frames = got.slice(1);
    expect(frames).toHaveLength(LONG_GOP_FRAMES);
    for (const [index, frame] of frames.entries()) expect(frame.at(-1), `frame ${index}`).toBe(index % 251);
    packager.stop(1001, 'over');
    audience.endRun();
    site.unit.close();
    expect(pool.held).toBe(0);
  });
});

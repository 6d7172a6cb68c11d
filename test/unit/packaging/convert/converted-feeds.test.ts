import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../../gateway/base/clock.ts';
import type { Clock } from '../../../../gateway/base/clock.ts';
import type { Unsubscribe } from '../../../../gateway/base/emitter.ts';
import { GatewayError } from '../../../../gateway/base/gateway-error.ts';
import { silentLogger } from '../../../../gateway/base/logger.ts';
import { findFfmpeg } from '../../../../gateway/ffmpeg/find-ffmpeg.ts';
import { planH264 } from '../../../../gateway/ffmpeg/h264-plan.ts';
import type { FeedFailure, FeedListener } from '../../../../gateway/ingest/feeds.ts';
import type { Sample, StreamTracks } from '../../../../gateway/ingest/media.ts';
import { ConvertedFeeds } from '../../../../gateway/packaging/convert/converted-feeds.ts';
import { initSegment } from '../../../../gateway/packaging/fmp4/init-segment.ts';
import { fragmentOf } from '../../../../gateway/packaging/fmp4/fragment.ts';
import { eventually } from '../../../support/api-client.ts';
import { copySample, encodeMedia } from '../../../support/encoded-media.ts';
import type { EncodedMedia } from '../../../support/encoded-media.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { decodeBytes } from '../../../support/judge-mp4.ts';
import { SampleFeeds } from '../../../support/sample-feeds.ts';

const CAMERA = 'cam_1';
const OTHER = 'cam_2';
const BORN_MS = Date.parse('2026-11-23T06:00:00Z');

let plain: EncodedMedia;
let reordered: EncodedMedia;
let wide: EncodedMedia;

beforeAll(async () => {
  const base = { codec: 'h265' as const, width: 320, height: 180, fps: 25, seconds: 4, gopFrames: 25 };
  plain = await encodeMedia(base);
  reordered = await encodeMedia({ ...base, bFrames: 2, sound: true });
  wide = await encodeMedia({ ...base, width: 2560, height: 1440, fps: 10, seconds: 1, gopFrames: 10 });
}, 120_000);

/** What a listener was given. */
class Heard implements FeedListener {
  readonly tracks: StreamTracks[] = [];
  readonly samples: Sample[] = [];
  readonly failures: FeedFailure[] = [];

  onTracks(tracks: StreamTracks): void {
    this.tracks.push(tracks);
  }

  onSample(sample: Sample): void {
    this.samples.push(sample);
  }

  onFailure(failure: FeedFailure): void {
    this.failures.push(failure);
  }

  frames(epoch?: number): Sample[] {
    return this.samples.filter(({ kind, epoch: of }) => kind === 'video' && (epoch ?? of) === of);
  }
}

const open: ConvertedFeeds[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((converted) => converted.stop()));
  expect(ffmpegsOfThisTest()).toEqual([]);
});

function makeFeeds(
  options: {
    clock?: Clock;
    maxConcurrent?: number;
    idleTimeoutSec?: number;
    program?: () => Promise<{ path: string }>;
  } = {},
): { feeds: SampleFeeds; converted: ConvertedFeeds } {
  const feeds = new SampleFeeds();
  const converted = new ConvertedFeeds({
    clock: systemClock,
    logger: silentLogger,
    feeds,
    program: () => findFfmpeg(),
    maxConcurrent: 2,
    idleTimeoutSec: 30,
    ...options,
  });
  open.push(converted);
  return { feeds, converted };
}

/** Sends all samples at once to whoever has asked for them, captured at uneven times. */
async function send(feeds: SampleFeeds, media: EncodedMedia, epoch = 1, cameraId = CAMERA): Promise<void> {
  await listening(feeds, cameraId);
  feeds.tracks(cameraId, 'main', { ...media.tracks, epoch });
  for (const [index, sample] of media.samples.entries()) {
    const capturedAtMs = capturedAt(index);
    feeds.sample(cameraId, 'main', copySample(sample, { epoch, capturedAtMs, receivedAtMs: capturedAtMs }));
  }
}

function capturedAt(index: number): number {
  return BORN_MS + index * 40 + (index % 3);
}

/** Resolves when the stream is subscribed to, which is after FFmpeg was found. */
function listening(feeds: SampleFeeds, cameraId = CAMERA): Promise<true> {
  return eventually('a subscription', 5000, () =>
    Promise.resolve(feeds.status(cameraId, 'main').subscribers > 0 ? true : undefined),
  );
}

/** Ids of FFmpeg processes that this process has started and that still run. */
function ffmpegsOfThisTest(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        const [, state, parent] =
          /\(ffmpeg\) (\S) (\d+)/.exec(readFileSync(`/proc/${name}/stat`, 'latin1')) ?? [];
        return Number(parent) === process.pid && state !== 'Z';
      } catch {
        return false;
      }
    })
    .map(Number);
}

function enough(heard: Heard, count: number, epoch?: number): Promise<true> {
  return eventually(`${count} frames`, 15_000, () =>
    Promise.resolve(heard.frames(epoch).length >= count ? true : undefined),
  );
}

describe('a converted stream', () => {
  it('has every frame of the source as H.264, with its own times and moment of capture', async () => {
    const { feeds, converted } = makeFeeds();
    const heard = new Heard();
    converted.subscribe(CAMERA, 'main', heard);
    await send(feeds, plain);
    await enough(heard, plain.samples.length);
    expect(heard.frames().map(({ pts, capturedAtMs }) => [pts, capturedAtMs])).toEqual(
      plain.samples.map(({ pts }, index) => [pts, capturedAt(index)]),
    );
    const keys = plain.samples.filter(({ key }) => key).map(({ pts }) => pts);
    expect(
      heard
        .frames()
        .filter(({ key }) => key)
        .map(({ pts }) => pts),
    ).toEqual(keys);
    const [tracks] = heard.tracks;
    expect(tracks?.video).toMatchObject({ codec: 'h264', width: 320, height: 180, profile: 'Main', fps: 25 });
    expect(tracks?.video.codecString).toBe(planH264({ width: 320, height: 180, fps: 25 }).codecString);
    expect(await judge(heard)).toEqual({ frames: plain.samples.length, complaints: '' });
  });

  it('puts reordered frames in order and leaves the sound beside its picture', async () => {
    const { feeds, converted } = makeFeeds();
    const heard = new Heard();
    converted.subscribe(CAMERA, 'main', heard);
    await send(feeds, reordered);
    const frames = reordered.samples.filter(({ kind }) => kind === 'video');
    // FFmpeg keeps what its decoder reorders until more comes.
    await enough(heard, frames.length - 4);
    const pts = heard.frames().map((sample) => sample.pts);
    const sorted = frames.map((sample) => sample.pts).sort((a, b) => a - b);
    expect(pts).toEqual(sorted.slice(0, pts.length));
    for (const sample of heard.frames()) expect(sample.dts).toBe(sample.pts);
    const sounds = heard.samples.filter(({ kind }) => kind === 'audio');
    expect(sounds.length).toBeGreaterThan(45);
    const epochs = new Set(heard.samples.map(({ epoch }) => epoch));
    expect(epochs).toEqual(new Set([heard.tracks[0]?.epoch]));
  });

  it('is at most 1920 wide', async () => {
    const { feeds, converted } = makeFeeds();
    const heard = new Heard();
    converted.subscribe(CAMERA, 'main', heard);
    await send(feeds, wide);
    await enough(heard, 1);
    expect(heard.tracks[0]?.video).toMatchObject({ width: 1920, height: 1080 });
    const plan = planH264({ width: 2560, height: 1440, fps: 10 });
    expect(heard.tracks[0]?.video.codecString).toBe(plan.codecString);
  });

  it('is made by one FFmpeg for all who listen, and begins for a newcomer at the key frame held', async () => {
    const { feeds, converted } = makeFeeds();
    const [first, second] = [new Heard(), new Heard()];
    converted.subscribe(CAMERA, 'main', first);
    await send(feeds, plain);
    await enough(first, plain.samples.length);
    converted.subscribe(CAMERA, 'main', second);
    expect(second.frames()).toHaveLength(25);
    expect(second.frames()[0]?.key).toBe(true);
    expect(ffmpegsOfThisTest()).toHaveLength(1);
    expect(feeds.subscriptions).toEqual([`${CAMERA}/main`]);
  });

  it('goes on in a new epoch when FFmpeg is killed, from the GOP that the source holds', async () => {
    const { feeds, converted } = makeFeeds();
    const heard = new Heard();
    converted.subscribe(CAMERA, 'main', heard);
    await send(feeds, plain);
    await enough(heard, plain.samples.length);
    const [pid] = ffmpegsOfThisTest();
    process.kill(pid ?? 0, 'SIGKILL');
    await enough(heard, 25, 2);
    expect(heard.tracks.map(({ epoch }) => epoch)).toEqual([1, 2]);
    expect(heard.frames(2)[0]?.key).toBe(true);
    expect(heard.failures).toEqual([]);
    expect(ffmpegsOfThisTest()).not.toContain(pid);
  });

  it('begins anew with the source’s epochs, without old frames in the new one', async () => {
    const { feeds, converted } = makeFeeds();
    const heard = new Heard();
    converted.subscribe(CAMERA, 'main', heard);
    await send(feeds, plain);
    await enough(heard, 30);
    await send(feeds, wide, 2);
    // Two threads decode a picture this large: the last frame waits for the next.
    const count = wide.samples.length - 1;
    await enough(heard, count, 2);
    expect(heard.tracks.map(({ video }) => video.width)).toEqual([320, 1920]);
    expect(heard.frames(2).map(({ pts }) => pts)).toEqual(wide.samples.slice(0, count).map(({ pts }) => pts));
  });

  it('does not write into the source’s samples: another muxer owns their headroom', async () => {
    const { feeds, converted } = makeFeeds();
    const heard = new Heard();
    converted.subscribe(CAMERA, 'main', heard);
    const marked = plain.samples.map((sample) => copySample(sample, {}));
    const whole = marked.map(({ data }) => Buffer.from(data.buffer));
    for (const bytes of whole) bytes.fill(0xa5, 0, 256);
    const before = whole.map((bytes) => Buffer.from(bytes));
    await listening(feeds);
    feeds.tracks(CAMERA, 'main', plain.tracks);
    for (const sample of marked) feeds.sample(CAMERA, 'main', sample);
    await enough(heard, marked.length);
    expect(whole.every((bytes, index) => bytes.equals(before[index] ?? Buffer.alloc(0)))).toBe(true);
  });
});

describe('an FFmpeg that is too slow', () => {
  it('is spared whole GOPs until it has caught up', async () => {
    const clock = new FakeClock();
    const { feeds, converted } = makeFeeds({ clock });
    const heard = new Heard();
    converted.subscribe(CAMERA, 'main', heard);
    await listening(feeds);
    feeds.tracks(CAMERA, 'main', plain.tracks);
    const give = (from: number, to: number): void => {
      for (const sample of plain.samples.slice(from, to))
        feeds.sample(CAMERA, 'main', copySample(sample, {}));
    };
    give(0, 10);
    await enough(heard, 10);
    const [pid = 0] = ffmpegsOfThisTest();
    process.kill(pid, 'SIGSTOP');
    give(10, 25);
    clock.advanceNow(3100);
    give(25, 41);
    process.kill(pid, 'SIGCONT');
    await enough(heard, 25);
    give(41, 100);
    await enough(heard, 75);
    const kept = [...plain.samples.slice(0, 25), ...plain.samples.slice(50)];
    expect(heard.frames().map(({ pts }) => pts)).toEqual(kept.map(({ pts }) => pts));
    expect(heard.tracks).toHaveLength(1);
  });

  it('is killed and replaced when it gives nothing back for 20 s', async () => {
    const clock = new FakeClock();
    const { feeds, converted } = makeFeeds({ clock });
    const heard = new Heard();
    converted.subscribe(CAMERA, 'main', heard);
    await send(feeds, plain);
    await enough(heard, plain.samples.length);
    const [pid = 0] = ffmpegsOfThisTest();
    process.kill(pid, 'SIGSTOP');
    const [key] = plain.samples;
    const later = (shift: number): Sample => copySample(key as Sample, { dts: shift, pts: shift });
    feeds.sample(CAMERA, 'main', later(400_000));
    clock.advanceNow(20_100);
    feeds.sample(CAMERA, 'main', later(500_000));
    await eventually('its end', 5000, () =>
      Promise.resolve(ffmpegsOfThisTest().includes(pid) ? undefined : true),
    );
    await clock.advance(1000);
    await enough(heard, 1, 2);
  });
});

describe('places', () => {
  it('are refused past the limit with a plain message, and free again when the listener has left', async () => {
    const { feeds, converted } = makeFeeds({ maxConcurrent: 1 });
    const heard = new Heard();
    const leave: Unsubscribe = converted.subscribe(CAMERA, 'main', heard);
    await send(feeds, plain);
    await enough(heard, 1);
    expect(converted.full).toBe(true);
    const refused = (): unknown => converted.subscribe(OTHER, 'main', new Heard());
    expect(refused).toThrow(GatewayError);
    expect(refused).toThrow(/transcode\.maxConcurrent/);
    leave();
    const other = new Heard();
    converted.subscribe(OTHER, 'main', other);
    await send(feeds, plain, 1, OTHER);
    await enough(other, 1);
    expect(ffmpegsOfThisTest()).toHaveLength(1);
  });

  it('are given back with the process after the idle time', async () => {
    const { feeds, converted } = makeFeeds({ idleTimeoutSec: 0.05 });
    const heard = new Heard();
    const leave = converted.subscribe(CAMERA, 'main', heard);
    await send(feeds, plain);
    await enough(heard, 1);
    leave();
    await eventually('no FFmpeg', 5000, () =>
      Promise.resolve(ffmpegsOfThisTest().length === 0 ? true : undefined),
    );
    expect(feeds.status(CAMERA, 'main').subscribers).toBe(0);
    expect(converted.status(CAMERA, 'main').state).toBe('idle');
  });
});

describe('a conversion that cannot be', () => {
  it('is told when there is no FFmpeg', async () => {
    const program = (): Promise<{ path: string }> =>
      Promise.reject(new GatewayError('ffmpeg-missing', 'no FFmpeg was found'));
    const { converted } = makeFeeds({ program });
    const heard = new Heard();
    converted.subscribe(CAMERA, 'main', heard);
    await eventually('a failure', 5000, () => Promise.resolve(heard.failures[0]));
    expect(heard.failures[0]).toMatchObject({ code: 'unsupported-codec' });
  });

  it('is told when FFmpeg ends at once, each time', async () => {
    const { feeds, converted } = makeFeeds({ program: () => Promise.resolve({ path: '/bin/false' }) });
    const heard = new Heard();
    converted.subscribe(CAMERA, 'main', heard);
    await send(feeds, plain);
    await eventually('a failure', 5000, () => Promise.resolve(heard.failures[0]));
    expect(converted.status(CAMERA, 'main').state).toBe('waiting');
  });

  it('is told for a camera that sends H.264 itself', async () => {
    const { feeds, converted } = makeFeeds();
    const heard = new Heard();
    converted.subscribe(CAMERA, 'main', heard);
    await listening(feeds);
    feeds.tracks(CAMERA, 'main', { ...plain.tracks, video: { ...plain.tracks.video, codec: 'h264' } });
    await eventually('a failure', 5000, () => Promise.resolve(heard.failures[0]));
    expect(heard.failures[0]?.message).toContain('main stream');
  });
});

/** FFmpeg decodes what was heard, as one file of our own boxes. */
function judge(heard: Heard): Promise<{ frames: number; complaints: string }> {
  const video = heard.tracks[0]?.video;
  if (!video) throw new Error('no tracks');
  const fragments = heard.frames().map((sample, index) =>
    fragmentOf([sample.data], {
      sequence: index + 1,
      trackId: 1,
      decodeTimeTicks: sample.dts,
      samples: [{ sizeBytes: sample.data.byteLength, durationTicks: 3600, offsetTicks: 0, key: sample.key }],
    }),
  );
  return decodeBytes(Buffer.concat([initSegment({ video, audio: null }), ...fragments]));
}

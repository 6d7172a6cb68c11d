import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../../../gateway/base/clock.ts';
import { GatewayError } from '../../../../../gateway/base/gateway-error.ts';
import { silentLogger } from '../../../../../gateway/base/logger.ts';
import { findFfmpeg } from '../../../../../gateway/ffmpeg/find-ffmpeg.ts';
import type { FeedListener } from '../../../../../gateway/ingest/feeds.ts';
import type { Sample, StreamTracks } from '../../../../../gateway/ingest/media.ts';
import { SoundFeeds } from '../../../../../gateway/packaging/convert/sound/sound-feeds.ts';
import { eventually } from '../../../../support/api-client.ts';
import { copySample, encodeMedia, makeSample } from '../../../../support/encoded-media.ts';
import type { EncodedMedia } from '../../../../support/encoded-media.ts';
import { SampleFeeds } from '../../../../support/sample-feeds.ts';

const CAMERA = 'cam_1';
let media: EncodedMedia;
let ffmpeg: { path: string };

beforeAll(async () => {
  const base = { codec: 'h264' as const, width: 160, height: 90, fps: 25, seconds: 4, gopFrames: 25 };
  media = await encodeMedia(base);
  ffmpeg = await findFfmpeg();
}, 60_000);

class Heard implements FeedListener {
  readonly tracks: StreamTracks[] = [];
  readonly samples: Sample[] = [];

  onTracks(tracks: StreamTracks): void {
    this.tracks.push(tracks);
  }

  onSample(sample: Sample): void {
    this.samples.push(sample);
  }

  get sound(): Sample[] {
    return this.samples.filter(({ kind }) => kind === 'audio');
  }

  /** Frames that FFmpeg made: those of silence have four bytes. */
  get loud(): Sample[] {
    return this.sound.filter(({ data }) => data.length > 4);
  }
}

const open: SoundFeeds[] = [];
const players: ReturnType<typeof setInterval>[] = [];
afterEach(async () => {
  for (const player of players.splice(0)) clearInterval(player);
  await Promise.all(open.splice(0).map((sound) => sound.stop()));
  expect(ffmpegs()).toEqual([]);
});

function makeFeeds(change: { maxConcurrent?: number; program?: () => Promise<{ path: string }> } = {}): {
  feeds: SampleFeeds;
  sound: SoundFeeds;
} {
  const feeds = new SampleFeeds();
  const options = { clock: systemClock, logger: silentLogger, feeds, idleTimeoutSec: 0, maxConcurrent: 2 };
  const sound = new SoundFeeds({ ...options, program: () => Promise.resolve(ffmpeg), ...change });
  open.push(sound);
  return { feeds, sound };
}

const otherSound = { kind: 'audio', codec: 'pcma', timescale: 8000, channels: 1 } as const;

/** Plays picture and a noise of A-law at their own pace; without sound when `mute`. */
function play(feeds: SampleFeeds, cameraId = CAMERA, mute = false): void {
  feeds.tracks(cameraId, 'main', { ...media.tracks, epoch: 5, audio: null, otherSound });
  const beganMs = performance.now();
  let [frame, packet] = [0, 0];
  const step = (): void => {
    const nowSec = (performance.now() - beganMs) / 1000;
    for (; frame / 25 <= nowSec; frame += 1) {
      const from = media.samples[frame % 25];
      const pts = frame * 3600;
      if (from) feeds.sample(cameraId, 'main', copySample(from, { epoch: 5, dts: pts, pts }));
    }
    for (; !mute && packet / 25 <= nowSec; packet += 1) {
      const payload = Buffer.from(Array.from({ length: 320 }, (_value, at) => (at * 37 + packet) & 255));
      const times = { dts: packet * 320, pts: packet * 320, capturedAtMs: 0, receivedAtMs: 0 };
      const from = { kind: 'audio', key: true, epoch: 5, ...times } as const;
      feeds.sample(cameraId, 'main', makeSample(from, [payload]));
    }
  };
  step();
  players.push(setInterval(step, 20));
}

function ffmpegs(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
        const [, state, parent] = /\(ffmpeg\) (\S) (\d+)/.exec(stat) ?? [];
        return Number(parent) === process.pid && state !== 'Z';
      } catch {
        return false;
      }
    });
}

const until = (what: string, is: () => boolean): Promise<true> =>
  eventually(what, 15_000, () => Promise.resolve(is() ? true : undefined));

function expectUnbroken(heard: Heard): void {
  const { sound } = heard;
  for (const [index, { pts }] of sound.entries()) expect(pts).toBe((sound[0]?.pts ?? 0) + index * 1024);
}

describe('sound that is no AAC', () => {
  it('is announced as AAC at once, and the picture goes through as it is, not waiting for FFmpeg', () => {
    const { feeds, sound } = makeFeeds({ program: () => new Promise(() => {}) });
    const heard = new Heard();
    sound.subscribe(CAMERA, 'main', heard);
    feeds.tracks(CAMERA, 'main', { ...media.tracks, epoch: 5, otherSound });
    const frames = media.samples.slice(0, 50).map((sample) => copySample(sample, { epoch: 5 }));
    for (const frame of frames) feeds.sample(CAMERA, 'main', frame);
    expect(heard.tracks).toHaveLength(1);
    expect(heard.tracks[0]?.audio).toMatchObject({ codec: 'aac', timescale: 16_000, assured: true });
    expect(heard.tracks[0]).not.toHaveProperty('otherSound');
    const pictures = heard.samples.filter(({ kind }) => kind === 'video');
    expect(pictures).toHaveLength(50);
    for (const [index, picture] of pictures.entries()) expect(picture).toBe(frames[index]);
    expect(heard.sound.length).toBeGreaterThan(20);
    expectUnbroken(heard);
  });

  it('comes out of one FFmpeg for all listeners, and goes on when that is killed', async () => {
    const { feeds, sound } = makeFeeds();
    const [first, second] = [new Heard(), new Heard()];
    sound.subscribe(CAMERA, 'main', first);
    play(feeds);
    await until('sound', () => first.loud.length > 3);
    sound.subscribe(CAMERA, 'main', second);
    await until('sound for the second', () => second.loud.length > 3);
    expect(feeds.subscriptions).toHaveLength(1);
    const [pid = 0, ...others] = ffmpegs();
    expect(others).toEqual([]);
    const before = first.loud.length;
    process.kill(pid, 'SIGKILL');
    await until('sound again', () => first.loud.length > before + 5 && !ffmpegs().includes(pid));
    expect(first.tracks).toHaveLength(1);
    expectUnbroken(first);
    expectUnbroken(second);
  });

  it('of a camera that announces some and sends none is silence, so that players do not stop', async () => {
    const { feeds, sound } = makeFeeds();
    const heard = new Heard();
    sound.subscribe(CAMERA, 'main', heard);
    play(feeds, CAMERA, true);
    await until('a second of sound', () => heard.sound.length >= 16);
    expectUnbroken(heard);
    expect(heard.loud).toEqual([]);
  });

  it('is left out past the limit, and with no FFmpeg on the machine; the picture comes all the same', async () => {
    const { feeds, sound } = makeFeeds({ maxConcurrent: 1 });
    const [first, second] = [new Heard(), new Heard()];
    sound.subscribe(CAMERA, 'main', first);
    sound.subscribe('cam_2', 'main', second);
    play(feeds);
    play(feeds, 'cam_2');
    await until('pictures', () => second.samples.length > 10);
    expect(second.tracks[0]?.audio).toBeNull();
    expect(second.sound).toEqual([]);
    expect(sound.converting).toBe(1);

    const missing = makeFeeds({ program: () => Promise.reject(new GatewayError('ffmpeg-missing', 'none')) });
    const third = new Heard();
    missing.sound.subscribe(CAMERA, 'main', third);
    play(missing.feeds);
    await until('the picture without sound', () => third.tracks.length === 2 && third.samples.length > 30);
    expect(third.tracks[1]?.audio).toBeNull();
    expect(missing.sound.converting).toBe(0);
  });

  it('leaves no FFmpeg when its last listener goes', async () => {
    const { feeds, sound } = makeFeeds();
    const heard = new Heard();
    const leave = sound.subscribe(CAMERA, 'main', heard);
    play(feeds);
    await until('sound', () => heard.loud.length > 1);
    leave();
    await until('no FFmpeg', () => ffmpegs().length === 0);
    expect(feeds.status(CAMERA, 'main').subscribers).toBe(0);
    expect(sound.converting).toBe(0);
  });
});

describe('AAC', () => {
  it('goes through as it is, without any FFmpeg', async () => {
    const { feeds, sound } = makeFeeds();
    const heard = new Heard();
    sound.subscribe(CAMERA, 'main', heard);
    const withSound = await encodeMedia({
      codec: 'h264',
      width: 160,
      height: 90,
      fps: 25,
      seconds: 1,
      gopFrames: 25,
      sound: true,
    });
    feeds.tracks(CAMERA, 'main', withSound.tracks);
    for (const sample of withSound.samples) feeds.sample(CAMERA, 'main', sample);
    expect(heard.tracks).toEqual([withSound.tracks]);
    expect(heard.samples).toEqual(withSound.samples);
    expect(ffmpegs()).toEqual([]);
  });
});

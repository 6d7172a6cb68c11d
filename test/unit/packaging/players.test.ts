import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../gateway/base/clock.ts';
import { silentLogger } from '../../../gateway/base/logger.ts';
import type { ProfileName } from '../../../gateway/contract/camera.ts';
import { LiveStreams } from '../../../gateway/packaging/live-streams.ts';
import { copySample, encodeMedia } from '../../support/encoded-media.ts';
import type { EncodedMedia } from '../../support/encoded-media.ts';
import { decodeUrl, probe } from '../../support/judge-mp4.ts';
import { serveLive } from '../../support/live-http-server.ts';
import { SampleFeeds } from '../../support/sample-feeds.ts';

/** The clock of the machine: FFmpeg keeps its own time. */
const CAMERA = 'cam_1';
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

let main: EncodedMedia;
let sub: EncodedMedia;

beforeAll(async () => {
  main = await encodeMedia({
    codec: 'h264',
    width: 320,
    height: 180,
    fps: 25,
    seconds: 10,
    gopFrames: 25,
    sound: true,
  });
  sub = await encodeMedia({ codec: 'h265', width: 160, height: 96, fps: 10, seconds: 10, gopFrames: 10 });
}, 60_000);

/** Sends the samples again and again, each at its time, as a camera does. */
function broadcast(feeds: SampleFeeds, profile: ProfileName, media: EncodedMedia): void {
  const scaleOf = (kind: 'video' | 'audio') =>
    kind === 'video' ? 90_000 : (media.tracks.audio?.timescale ?? 1);
  const startMs = Date.now();
  let next = 0;
  feeds.tracks(CAMERA, profile, media.tracks);
  const cancel = systemClock.every(10, () => {
    for (;;) {
      const sample = media.samples[next];
      if (!sample) return cancel();
      const dueMs = startMs + (sample.dts / scaleOf(sample.kind)) * 1000;
      if (dueMs > Date.now()) return undefined;
      feeds.sample(CAMERA, profile, copySample(sample, { capturedAtMs: dueMs }));
      next += 1;
    }
  });
  closers.push(cancel);
}

async function onAir(): Promise<string> {
  const feeds = new SampleFeeds();
  const live = new LiveStreams({
    clock: systemClock,
    logger: silentLogger,
    feeds,
    converted: {
      subscribe: () => () => undefined,
      status: (...of) => feeds.status(...of),
      full: true,
      low: feeds,
    },
    cameras: {
      has: (id) => id === CAMERA,
      renditions: () => ['main', 'sub'],
      streamInfo: () => null,
      lowSource: () => 'sub',
    },
    segmentSec: 1,
    segments: 6,
    session: 1,
  });
  live.start();
  closers.push(() => live.stop());
  broadcast(feeds, 'main', main);
  broadcast(feeds, 'sub', sub);
  const server = await serveLive(live);
  closers.push(server.close);
  return server.url;
}

describe('players over HTTP', () => {
  it('ffprobe sees codec, size and frame rate of both renditions', async () => {
    const url = await onAir();
    const report = (await probe(['-show_streams', `${url}/live/${CAMERA}/index.m3u8`])) as {
      streams: { codec_name: string; width?: number; height?: number; r_frame_rate: string }[];
    };
    const seen = report.streams.map(({ codec_name, width, height, r_frame_rate }) => [
      codec_name,
      width,
      height,
      r_frame_rate,
    ]);
    expect(seen).toEqual([
      ['h264', 320, 180, '25/1'],
      ['aac', undefined, undefined, '0/0'],
      ['hevc', 160, 96, '10/1'],
    ]);
  });

  it('FFmpeg plays a live list for five seconds without complaint', async () => {
    const url = await onAir();
    const verdict = await decodeUrl(`${url}/live/${CAMERA}/main/stream.m3u8`, 5);
    expect(verdict).toEqual({ frames: 125, complaints: '' });
  });
});

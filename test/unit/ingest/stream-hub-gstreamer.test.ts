import { afterEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../gateway/base/clock.ts';
import { silentLogger } from '../../../gateway/base/logger.ts';
import { NetworkGuard } from '../../../gateway/base/network-guard.ts';
import type { Sample } from '../../../gateway/ingest/media.ts';
import { StreamHub } from '../../../gateway/ingest/stream-hub.ts';
import type { StreamSource } from '../../../gateway/ingest/stream-sources.ts';
import { GstRtspCamera, gstPictures } from '../../support/gst-rtsp-camera.ts';
import { decodeStrictly, StreamRecorder } from '../../support/stream-recorder.ts';

const undo: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

function makeHub(source: StreamSource): StreamHub {
  const hub = new StreamHub({
    clock: systemClock,
    logger: silentLogger,
    sources: { streamSource: async () => source },
    guard: new NetworkGuard(['127.0.0.0/8']),
    idleTimeoutSec: 30,
    connectTimeoutSec: 5,
    noFramesTimeoutSec: 5,
  });
  hub.start();
  undo.push(() => hub.stop());
  return hub;
}

async function startGst(launch: string, auth: 'digest' | 'basic' | 'none'): Promise<StreamSource> {
  const camera = await GstRtspCamera.start(launch, { auth });
  undo.push(() => camera.stop());
  return { url: camera.url, username: 'viewer', password: 'gst-pass', revision: '1' };
}

describe('GStreamer’s server', () => {
  test.each([
    ['h264', 'digest', { codec: 'h264', width: 1280, height: 720, fps: 25 }],
    ['h265', 'basic', { codec: 'h265', width: 640, height: 360, fps: 20 }],
    ['h264WithBFrames', 'none', { codec: 'h264', width: 640, height: 480, fps: 15 }],
    ['h264WithAac', 'digest', { codec: 'h264', width: 960, height: 540, fps: 25 }],
  ] as const)('%s with sign-in %s arrives whole', async (name, auth, video) => {
    const source = await startGst(gstPictures[name], auth);
    const hub = makeHub(source);
    const recorder = new StreamRecorder();
    hub.subscribe('cam', 'main', recorder);
    await recorder.until(({ video }) => video.length >= 60);
    expect(recorder.tracks).toHaveLength(1);
    expect(recorder.tracks[0]?.video).toMatchObject(video);
    const status = hub.status('cam', 'main');
    expect(status).toMatchObject({ state: 'running', failure: null, subscribers: 1 });
    expect(status.measures).toMatchObject({ rtpLost: 0, reconnects: 0, expectedFps: video.fps });
    expect(status.measures.fps).toBeGreaterThan(video.fps * 0.7);
    const frames = recorder.video;
    expect(frames[0]).toMatchObject({ key: true, dts: 0 });
    expect(frames.every((frame, index) => index === 0 || frame.dts > (frames[index - 1]?.dts ?? 0))).toBe(
      true,
    );
    expect(frames.every(({ dts, pts }) => pts >= dts && pts - dts < 45_000)).toBe(true);
    const { complaints, frames: decoded } = decodeStrictly(
      recorder.annexB(),
      video.codec === 'h265' ? 'hevc' : 'h264',
    );
    expect(complaints).toBe('');
    expect(decoded).toBe(frames.length);
    const lastSec = (kind: string, rate: number): number =>
      (recorder.samples.findLast((sample) => sample.kind === kind)?.dts ?? 0) / rate;
    if (name !== 'h264WithAac') return;
    expect(recorder.tracks[0]?.audio).toMatchObject({ codec: 'aac', timescale: 48_000, channels: 2 });
    expect(Math.abs(lastSec('audio', 48_000) - lastSec('video', 90_000))).toBeLessThan(0.5);
  });

  test('sound as MP4A-LATM arrives as AAC that FFmpeg decodes without complaint', async () => {
    const source = await startGst(gstPictures.h264WithLatm, 'none');
    const hub = makeHub(source);
    const recorder = new StreamRecorder();
    hub.subscribe('cam', 'main', recorder);
    const sound = (): Sample[] => recorder.samples.filter(({ kind }) => kind === 'audio');
    await recorder.until(() => sound().length >= 60);
    expect(recorder.tracks[0]?.audio).toMatchObject({
      codec: 'aac',
      codecString: 'mp4a.40.2',
      timescale: 48_000,
      channels: 1,
    });
    expect([...(recorder.tracks[0]?.audio?.config ?? [])]).toEqual([0x11, 0x88]);
    expect(sound().every(({ dts }, index, all) => dts - (all[index - 1]?.dts ?? dts - 1024) === 1024)).toBe(
      true,
    );
    // AAC-LC, 48 kHz, one channel, in ADTS.
    const adts = sound().flatMap(({ data }) => {
      const bytes = data.length + 7;
      return [
        Buffer.from([
          0xff,
          0xf1,
          0x4c,
          0x40 | (bytes >> 11),
          (bytes >> 3) & 0xff,
          ((bytes & 7) << 5) | 0x1f,
          0xfc,
        ]),
        data,
      ];
    });
    expect(decodeStrictly(Buffer.concat(adts), 'aac')).toMatchObject({
      complaints: '',
      frames: sound().length,
    });
  });

  test('a second viewer shares the connection and starts at the key frame held', async () => {
    const source = await startGst(gstPictures.h264, 'digest');
    const hub = makeHub(source);
    const first = new StreamRecorder();
    hub.subscribe('cam', 'main', first);
    await first.until(({ video }) => video.length >= 40);
    const second = new StreamRecorder();
    hub.subscribe('cam', 'main', second);
    expect(second.tracks).toEqual(first.tracks);
    expect(second.samples[0]?.key).toBe(true);
    expect(second.samples[0]).toBe(first.samples.findLast(({ key }) => key));
    expect(hub.status('cam', 'main').subscribers).toBe(2);
  });

  test('MJPEG arrives whole, with µ-law sound beside it', async () => {
    const source = await startGst(gstPictures.mjpegWithPcmu, 'none');
    const hub = makeHub(source);
    const recorder = new StreamRecorder();
    hub.subscribe('cam', 'main', recorder);
    await recorder.until(
      ({ video, samples }) => video.length >= 5 && samples.some(({ kind }) => kind === 'audio'),
    );
    const [tracks] = recorder.tracks;
    expect(tracks?.video).toMatchObject({ codec: 'mjpeg', width: 640, height: 480 });
    expect(tracks).toMatchObject({
      audio: null,
      otherSound: { codec: 'pcmu', timescale: 8000, channels: 1 },
    });
    const stream = Buffer.concat(recorder.video.map(({ data }) => data));
    expect(decodeStrictly(stream, 'mjpeg')).toMatchObject({ complaints: '', frames: recorder.video.length });
  });

  test('MPEG-4 part 2 is told as a codec that is not supported', async () => {
    const source = await startGst(
      '( videotestsrc is-live=true ! avenc_mpeg4 ! rtpmp4vpay name=pay0 pt=96 )',
      'none',
    );
    const hub = makeHub(source);
    const recorder = new StreamRecorder();
    hub.subscribe('cam', 'main', recorder);
    await recorder.until(({ failures }) => failures.length > 0);
    expect(recorder.failures[0]).toMatchObject({ code: 'unsupported-codec' });
    expect(recorder.failures[0]?.message).toContain('MPEG-4 part 2');
  });
});

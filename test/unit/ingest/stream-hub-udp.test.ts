import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../gateway/base/clock.ts';
import { silentLogger } from '../../../gateway/base/logger.ts';
import { NetworkGuard } from '../../../gateway/base/network-guard.ts';
import type { TransportChoice } from '../../../gateway/ingest/rtsp/rtsp-session.ts';
import { StreamHub } from '../../../gateway/ingest/stream-hub.ts';
import type { StreamSource } from '../../../gateway/ingest/stream-sources.ts';
import { GstRtspCamera, gstPictures } from '../../support/gst-rtsp-camera.ts';
import { LossyRelay } from '../../support/lossy-relay.ts';
import { decodeStrictly, StreamRecorder } from '../../support/stream-recorder.ts';
import { startSite, stopSite } from '../demo-site/running-site.ts';

const undo: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

function pull(source: StreamSource, transport: TransportChoice): { hub: StreamHub; heard: StreamRecorder } {
  const hub = new StreamHub({
    clock: systemClock,
    logger: silentLogger,
    sources: { streamSource: async () => source },
    guard: new NetworkGuard(['127.0.0.0/8']),
    idleTimeoutSec: 30,
    connectTimeoutSec: 5,
    noFramesTimeoutSec: 10,
    transport,
  });
  hub.start();
  undo.push(() => hub.stop());
  const heard = new StreamRecorder();
  hub.subscribe('cam', 'main', heard);
  return { hub, heard };
}

async function gst(
  launch: string,
  protocols: 'any' | 'tcp' | 'udp' = 'any',
): Promise<{ url: string; source: StreamSource }> {
  const camera = await GstRtspCamera.start(launch, { auth: 'digest', protocols });
  undo.push(() => camera.stop());
  const source = { url: camera.url, username: 'viewer', password: 'gst-pass', revision: '1' };
  return { url: camera.url, source };
}

async function relayTo(url: string, lost: number): Promise<{ relay: LossyRelay; url: string }> {
  const relay = await LossyRelay.start(url, { seed: 20_261_123, lost, late: 0.05, twice: 0.02 });
  undo.push(() => relay.stop());
  const through = new URL(url);
  through.port = String(relay.port);
  return { relay, url: through.toString() };
}

const formats = { h264: 'h264', h265: 'hevc', mjpeg: 'mjpeg' } as const;

function expectWhole(heard: StreamRecorder): void {
  const { codec } = heard.tracks[0]?.video ?? { codec: 'h264' };
  const { complaints, frames } = decodeStrictly(heard.annexB(), formats[codec]);
  expect(complaints).toBe('');
  expect(frames).toBe(heard.video.length);
}

/** What each sample looks like when decoded, by its bytes. */
function picturesOf(heard: StreamRecorder): Map<string, string> {
  const { pictures } = decodeStrictly(heard.annexB(), formats[heard.tracks[0]?.video.codec ?? 'h264']);
  expect(pictures).toHaveLength(heard.video.length);
  const shown = heard.video.toSorted((a, b) => a.pts - b.pts);
  return new Map(shown.map(({ data }, index) => [data.toString('base64'), pictures[index] ?? '']));
}

describe('GStreamer’s server over UDP', () => {
  test.each(['h264', 'h265', 'h264WithAac'] as const)('%s arrives whole', async (picture) => {
    const { source } = await gst(gstPictures[picture], 'udp');
    const { hub, heard } = pull(source, 'udp');
    await heard.until(({ video }) => video.length >= 60);
    expect(hub.status('cam', 'main').measures).toMatchObject({ rtpLost: 0, reconnects: 0 });
    expect(hub.status('cam', 'main').measures.bytesReceived).toBeGreaterThan(20_000);
    expect(heard.tracks[0]?.audio?.codec).toBe(picture === 'h264WithAac' ? 'aac' : undefined);
    expect(heard.samples.some(({ kind }) => kind === 'audio')).toBe(picture === 'h264WithAac');
    expectWhole(heard);
  });

  test('that refuses TCP is taken over UDP without being told to', async () => {
    const { source } = await gst(gstPictures.h264, 'udp');
    const { heard } = pull(source, 'auto');
    await heard.until(({ video }) => video.length >= 10);
    expect(heard.failures).toEqual([]);
  });

  test('that refuses UDP is taken over TCP at once', async () => {
    const { source } = await gst(gstPictures.h264, 'tcp');
    const { heard } = pull(source, 'udp');
    await heard.until(({ video }) => video.length >= 10);
    expect(heard.failures).toEqual([]);
  });

  test('with TCP alone allowed says so', async () => {
    const { source } = await gst(gstPictures.h264, 'udp');
    const { heard } = pull(source, 'tcp');
    await heard.until(({ failures }) => failures.length > 0);
    expect(heard.failures[0]?.message).toContain('the camera does not send RTP over TCP');
  });
});

describe('a way that repeats datagrams and mixes up their order', () => {
  test('costs nothing', async () => {
    const { url, source } = await gst(gstPictures.h264, 'udp');
    const { relay, url: through } = await relayTo(url, 0);
    const { hub, heard } = pull({ ...source, url: through }, 'udp');
    await heard.until(({ video }) => video.length >= 75);
    expect(relay.late).toBeGreaterThan(10);
    expect(hub.status('cam', 'main').measures.rtpLost).toBe(0);
    expectWhole(heard);
  });

  test.each(['h264', 'h265', 'h264WithBFrames'] as const)(
    'and loses some: of %s no damaged picture is handed on, and the losses are counted and reported',
    async (picture) => {
      const { url, source } = await gst(gstPictures[picture]);
      const { relay, url: through } = await relayTo(url, 0.02);
      // By the same address, for which GStreamer encodes once; the relay does no harm to TCP.
      const { heard: whole } = pull({ ...source, url: through }, 'tcp');
      await whole.until(({ video }) => video.length > 0);
      const { hub, heard } = pull({ ...source, url: through }, 'udp');
      await heard.until(({ video }) => video.length >= 60 && relay.reports.length > 1 && relay.lost > 2);
      const { rtpLost, reconnects } = hub.status('cam', 'main').measures;
      // What the relay lost in the last 200 ms is still waited for.
      expect(rtpLost).toBeGreaterThan(0);
      expect(rtpLost).toBeLessThanOrEqual(relay.lost);
      expect(reconnects).toBe(0);
      await hub.stop();
      const last = heard.video.at(-1)?.data ?? Buffer.alloc(0);
      await whole.until(({ video }) => video.some(({ data }) => data.equals(last)));
      expectWhole(heard);
      // FFmpeg is silent about a missing reference picture: what is shown must be what the whole stream shows.
      const expected = picturesOf(whole);
      for (const [data, shown] of picturesOf(heard)) expect(shown).toBe(expected.get(data));
      const report = relay.reports.at(-1);
      expect(report?.readUIntBE(13, 3)).toBeGreaterThan(0);
    },
  );
});

test('the demo site over a lossy way gives whole pictures', async () => {
  const cache = await mkdtemp(join(tmpdir(), 'gantry-udp-'));
  undo.push(() => rm(cache, { recursive: true, force: true }));
  const site = await startSite(cache, 1);
  undo.push(() => stopSite(site));
  const { relay, url } = await relayTo(site.cameras[0]?.rtspMain ?? '', 0.005);
  const source = { url, username: 'admin', password: 'gantry-demo', revision: '1' };
  const { heard } = pull(source, 'udp');
  await heard.until(({ video, failures }) => (video.length >= 30 && relay.lost > 0) || failures.length > 0);
  expect(heard.failures).toEqual([]);
  expectWhole(heard);
}, 90_000);

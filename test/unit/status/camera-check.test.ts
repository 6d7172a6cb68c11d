import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NetworkGuard } from '../../../gateway/base/network-guard.ts';
import type { OnvifReading, OnvifResult } from '../../../gateway/discovery/onvif-reading.ts';
import type { CameraRecord } from '../../../gateway/fleet/camera-record.ts';
import type { FeedFailure, FeedListener, FeedStatus, Feeds } from '../../../gateway/ingest/feeds.ts';
import type { Sample, StreamTracks } from '../../../gateway/ingest/media.ts';
import { checkCamera } from '../../../gateway/status/camera-check.ts';
import type { CheckParts } from '../../../gateway/status/camera-check.ts';
import { checkAdvice } from '../../../gateway/status/check-advice.ts';
import type { CheckFindings } from '../../../gateway/status/check-advice.ts';
import { measureStream } from '../../../gateway/status/measure-stream.ts';
import { posixZoneOffsetMin } from '../../../gateway/status/posix-zone.ts';
import { tcpReach } from '../../../gateway/status/tcp-reach.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { FakeFeeds } from './fake-feeds.ts';

const tracks: StreamTracks = {
  epoch: 1,
  audio: null,
  video: {
    kind: 'video',
    codec: 'h265',
    timescale: 90000,
    codecString: 'hvc1.1.6.L123.B0',
    profile: 'Main',
    width: 2560,
    height: 1440,
    sar: { width: 1, height: 1 },
    fps: 20,
    parameterSets: { vps: [], sps: [], pps: [] },
  },
};
const keyFrame: Sample = {
  kind: 'video',
  data: Buffer.alloc(8),
  dts: 0,
  pts: 0,
  key: true,
  capturedAtMs: 0,
  receivedAtMs: 0,
  epoch: 1,
};

/** A neighbour that delivers, or fails, as soon as it is wanted. */
class ScriptedFeeds implements Feeds {
  outcome: 'picture' | 'nothing' | FeedFailure = 'picture';
  subscribers = 0;

  subscribe(_cameraId: string, _profile: 'main' | 'sub', listener: FeedListener): () => void {
    this.subscribers += 1;
    queueMicrotask(() => {
      if (this.outcome === 'nothing') return;
      if (this.outcome !== 'picture') return listener.onFailure?.(this.outcome);
      listener.onTracks(tracks);
      listener.onSample({ ...keyFrame, key: false });
      listener.onSample(keyFrame);
    });
    return () => (this.subscribers -= 1);
  }

  status(cameraId: string, profile: 'main' | 'sub'): FeedStatus {
    const measures = {
      fps: 20,
      expectedFps: 20,
      bitrateKbps: 4000,
      gopSec: 10,
      lastFrameAtMs: null,
      rtpLost: 0,
      reconnects: 0,
      rttMs: 1,
      bytesReceived: 0,
      framesReceived: 0,
      packetsReceived: 0,
      jitterMs: null,
      cameraAheadMs: null,
    };
    return {
      cameraId,
      profile,
      state: 'running',
      failure: null,
      tracks: profile === 'main' ? tracks : null,
      measures,
      subscribers: 1,
    };
  }

  onStatus(): () => void {
    return () => undefined;
  }
}

let server: Server;
let port: number;
let feeds: ScriptedFeeds;
let clock: FakeClock;
let onvif: OnvifResult;
let zone: string | null;
let noted: (string | null)[];
let decodes: () => Promise<{ width: number; height: number }>;

beforeEach(async () => {
  server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  port = (server.address() as AddressInfo).port;
  feeds = new ScriptedFeeds();
  clock = new FakeClock();
  onvif = { ok: true, reading: { clockDriftSec: 8 * 3600 + 180, profiles: [] as unknown } as OnvifReading };
  zone = 'CST-8';
  noted = [];
  decodes = async () => ({ width: 2560, height: 1440 });
});

afterEach(() => server.close());

function parts(hasOnvif = true): CheckParts {
  const guard = new NetworkGuard(['127.0.0.0/8']);
  return {
    clock,
    feeds,
    cameras: {
      get: (id) =>
        id === 'cam_1'
          ? ({
              id,
              onvif: null,
              rtsp: { main: `rtsp://127.0.0.1:${port}/1`, sub: null },
              main: null,
              sub: null,
            } as CameraRecord)
          : undefined,
    },
    devices: {
      deviceOf: () =>
        hasOnvif
          ? {
              xaddr: 'http://127.0.0.1/',
              credentials: { username: 'admin', password: 'x' },
              certificateSha256: null,
              endpointId: null,
            }
          : undefined,
      noteCertificate: async (_id, changedTo) => void noted.push(changedTo),
    },
    reach: (url) => tcpReach(url, guard, 2000),
    onvif: {
      read: async () => onvif,
      readClock: async () => ({ ok: true, zone }),
      snapshot: async () => ({ ok: false }),
    },
    decoder: { decode: () => decodes() },
    timeoutMs: 15_000,
    measureMs: 0,
    siteOffsetMin: () => 480,
  };
}

function steps(check: Awaited<ReturnType<typeof checkCamera>>): string[] {
  return check.steps.map(({ name, ok, code }) => `${name} ${ok ? 'ok' : code}`);
}

describe('checkCamera', () => {
  it('goes through all steps and advises in plain words', async () => {
    const check = await checkCamera(parts(), 'cam_1');
    expect(steps(check)).toEqual([
      'network ok',
      'onvif ok',
      'auth ok',
      'rtsp ok',
      'firstFrame ok',
      'decode ok',
    ]);
    expect(check.ok).toBe(true);
    expect(check.main).toMatchObject({ codec: 'h265', width: 2560, height: 1440, gopSec: 10 });
    expect(check.advice.map(({ code }) => code)).toEqual([
      'clock-drift',
      'long-gop',
      'h265',
      'no-sub-stream',
    ]);
    expect(check.advice[0]?.message).toContain('8 h 3 min ahead');
    expect(feeds.subscribers).toBe(0);
  });

  it('leaves ONVIF out for a camera registered by hand', async () => {
    expect(steps(await checkCamera(parts(false), 'cam_1'))).toEqual([
      'network ok',
      'rtsp ok',
      'firstFrame ok',
      'decode ok',
    ]);
  });

  it('stops at a network that does not answer, saying what to look at', async () => {
    server.close();
    const check = await checkCamera(parts(), 'cam_1');
    expect(steps(check)).toEqual(['network camera-offline']);
    expect(check.ok).toBe(false);
    expect(check.steps[0]?.message).toMatch(/nothing listens there.*cable/);
  });

  it('names a refused password once, and goes on to the stream', async () => {
    onvif = { ok: false, failure: 'auth-failed', message: 'refused', clockDriftSec: null };
    feeds.outcome = {
      code: 'auth-failed',
      message: 'the camera refused the password',
      sinceMs: 0,
      retryAtMs: null,
    };
    const check = await checkCamera(parts(), 'cam_1');
    expect(steps(check)).toEqual(['network ok', 'onvif ok', 'auth auth-failed', 'auth auth-failed']);
    expect(check.ok).toBe(false);
  });

  it('ends with its deadline when no frame comes', async () => {
    feeds.outcome = 'nothing';
    const pending = checkCamera(parts(false), 'cam_1');
    while (feeds.subscribers === 0) await new Promise(setImmediate);
    await clock.advance(15_000);
    expect(steps(await pending)).toEqual(['network ok', 'firstFrame no-frames']);
    expect(feeds.subscribers).toBe(0);
  });

  it('tells a frame that cannot be decoded', async () => {
    decodes = () => Promise.reject(new Error('the frame is damaged'));
    const check = await checkCamera(parts(false), 'cam_1');
    expect(steps(check).at(-1)).toBe('decode internal');
    expect(check.ok).toBe(false);
  });

  it('knows no camera by another id', async () => {
    await expect(checkCamera(parts(), 'cam_2')).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('the advice of a check', () => {
  const main = {
    codec: 'h264',
    profile: null,
    width: 1920,
    height: 1080,
    fps: 25,
    bitrateKbps: 8000,
    gopSec: 2,
    audio: null,
  };
  const fine: CheckFindings = {
    main,
    sub: main,
    told: main,
    clockDriftSec: 1,
    zoneOffsetMin: { camera: 480, site: 480 },
    certificateChangedTo: null,
    measure: { kbps: 7600, fps: 24.8, lostPermille: 0 },
    snapshotWidth: 1920,
  };
  const advised = (found: Partial<CheckFindings>): string[] =>
    checkAdvice({ ...fine, ...found }).map(({ code, message }) => `${code}: ${message}`);

  it('is none when all is well, or quiet', () => {
    expect(advised({})).toEqual([]);
    expect(advised({ measure: { kbps: 900, fps: 25, lostPermille: 0 } })).toEqual([]);
    expect(advised({ clockDriftSec: null, zoneOffsetMin: null, measure: null, told: null })).toEqual([]);
  });

  it('tells a starved line from a slow camera and from a lossy way', () => {
    const starved = advised({ measure: { kbps: 3100, fps: 9, lostPermille: 0 } });
    expect(starved).toEqual([expect.stringMatching(/^uplink: uplink carries 3.1 of 8 Mb\/s/)]);
    const slow = advised({ measure: { kbps: 7500, fps: 12.5, lostPermille: 0 } });
    expect(slow).toEqual([expect.stringMatching(/^low-fps: main stream brings 12.5 of 25 pictures/)]);
    const lossy = advised({ measure: { kbps: 7500, fps: 25, lostPermille: 31 } });
    expect(lossy).toEqual([expect.stringMatching(/^packet-loss: 3.1 % of the packets/)]);
  });

  it('names what to set on the camera', () => {
    expect(advised({ zoneOffsetMin: { camera: 0, site: 480 } })[0]).toContain('UTC+0, the site');
    expect(advised({ zoneOffsetMin: { camera: -210, site: 480 } })[0]).toContain('UTC-3:30');
    expect(advised({ snapshotWidth: 704 })[0]).toMatch(/^small-snapshot/);
    expect(advised({ main: { ...main, codec: 'mjpeg' } })[0]).toMatch(/^mjpeg/);
    expect(advised({ clockDriftSec: -28_980 })[0]).toContain('8 h 3 min behind');
  });

  it('bears the actions that the API can do', () => {
    const found = { ...fine, clockDriftSec: 60, certificateChangedTo: 'ab'.repeat(32) };
    expect(checkAdvice(found).map(({ action }) => action)).toEqual(['accept-certificate', 'set-clock']);
  });

  it('reads POSIX zones without summer time', () => {
    const zones = ['CST-8', 'UTC0', '<+0530>-5:30', 'EST5EDT,M3.2.0,M11.1.0', 'Asia/Shanghai', 'UTC+99', ''];
    expect(zones.map(posixZoneOffsetMin)).toEqual([480, 0, 330, null, null, null, null]);
  });
});

describe('a camera with another certificate', () => {
  it('fails at ONVIF, keeps what it shows, and can be accepted', async () => {
    const certificateSha256 = 'cd'.repeat(32);
    const message = 'the device shows another certificate than at its registration';
    onvif = { ok: false, failure: 'certificate-changed', message, clockDriftSec: null, certificateSha256 };
    const check = await checkCamera(parts(), 'cam_1');
    expect(steps(check)[1]).toBe('onvif certificate-changed');
    expect(check.ok).toBe(false);
    expect(check.advice[0]).toMatchObject({
      code: 'certificate-changed',
      values: { sha256: certificateSha256 },
    });
    expect(noted).toEqual([certificateSha256]);
  });
});

describe('measuring a stream', () => {
  it('counts what comes from the first frame on, not what was held nor the wait for a stream that opens', async () => {
    const fake = new FakeFeeds();
    const measuring = measureStream({ clock, feeds: fake }, 'cam_1', 3000);
    await clock.advance(2000);
    // The first frame opens the span and does not count itself.
    for (let n = 0; n <= 30; n += 1)
      fake.sample('cam_1', 'main', { ...keyFrame, data: Buffer.alloc(12_500) });
    await clock.advance(3000);
    expect(await measuring).toMatchObject({ kbps: 1000, fps: 10, lostPermille: 0 });
    expect(fake.subscribers('cam_1', 'main')).toBe(0);
  });

  it('gives up when nothing comes in that time', async () => {
    const measuring = measureStream({ clock, feeds: new FakeFeeds() }, 'cam_1', 3000);
    await clock.advance(3000);
    expect(await measuring).toBeNull();
  });
});

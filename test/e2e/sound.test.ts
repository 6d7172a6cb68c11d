import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Camera, CameraCheck } from '../../gateway/contract/camera.ts';
import type { CameraHealth } from '../../gateway/contract/health.ts';
import type { Snapshot } from '../../gateway/contract/snapshot.ts';
import { ApiClient, eventually } from '../support/api-client.ts';
import { beepsAfterFlashes, makeFlashAndBeep } from '../support/flash-and-beep.ts';
import { GatewayProcess } from '../support/gateway-process.ts';
import { GstRtspCamera, gstPictures } from '../support/gst-rtsp-camera.ts';
import { decodeFor } from '../support/probe-live.ts';
import { strongestTone } from '../support/tone.ts';

let gateway: GatewayProcess;
let api: ApiClient;
let projectId: string;
const servers: GstRtspCamera[] = [];

beforeAll(async () => {
  gateway = await GatewayProcess.start({
    http: { port: 0 },
    mqtt: { embedded: { port: 0 } },
    ingest: { idleTimeoutSec: 2 },
  });
  api = new ApiClient(gateway.url);
  await api.signIn('admin', gateway.adminPassword);
  projectId = (await api.must<{ id: string }>('POST', '/api/v1/projects', { name: 'sound' })).id;
}, 60_000);

afterAll(async () => {
  await gateway.remove();
  for (const server of servers) await server.stop();
});

async function register(picture: keyof typeof gstPictures): Promise<Camera> {
  return registerLaunch(picture, gstPictures[picture]);
}

async function registerLaunch(picture: string, launch: string): Promise<Camera> {
  const server = await GstRtspCamera.start(launch, { auth: 'digest' });
  servers.push(server);
  return api.must<Camera>('POST', '/api/v1/cameras', {
    name: picture,
    projectId,
    rtsp: { main: server.url, username: 'viewer', password: 'gst-pass' },
  });
}

/** The tone once one is heard: until FFmpeg runs, which takes seconds on a busy machine, there is silence. */
function firstTone(url: string): Promise<number> {
  return eventually('a tone', 60_000, async () => {
    const { hz, share } = await strongestTone(url, api.cookie, 3);
    return share > 0.8 ? hz : undefined;
  });
}

/** The rest is decoded by the same code as these, and tested beside it. */
const others = process.env['GANTRY_SOAK']
  ? ([
      ['G.711 A-law', 'h264WithPcma', 660],
      ['L16', 'h264WithL16', 1000],
    ] as const)
  : [];

describe.concurrent('a camera of GStreamer whose sound is', () => {
  it.each([
    ['G.711 µ-law', 'h264WithPcmu', 440],
    ['G.726', 'h264WithG726', 550],
    ['Opus', 'h264WithOpus', 880],
    ...others,
  ] as const)('%s plays as AAC with the tone that was sent', async (_name, picture, hz) => {
    const camera = await register(picture);
    const list = await (await api.fetch(`/live/${camera.id}/index.m3u8`)).text();
    expect(list).toMatch(/CODECS="avc1\.[0-9a-f]{6},mp4a\.40\.2"/);
    const url = `${api.url}/live/${camera.id}/main/stream.m3u8`;
    expect(await firstTone(url)).toBe(hz);
  });
});

describe.concurrent('an MJPEG camera of GStreamer with G.711 sound', () => {
  it('plays as H.264 with AAC, is listed as that alone, gives snapshots, and its check says what it costs', async () => {
    const camera = await register('mjpegWithPcmu');
    const list = await (await api.fetch(`/live/${camera.id}/index.m3u8`)).text();
    expect(list).toMatch(
      /CODECS="avc1\.4d40[0-9a-f]{2},mp4a\.40\.2",RESOLUTION=640x480.*\nh264\/stream\.m3u8/,
    );
    expect(list).not.toContain('main/stream.m3u8');
    const url = `${api.url}/live/${camera.id}/h264/stream.m3u8`;
    const { frames, complaints } = await decodeFor(url, api.cookie, 2);
    expect(complaints).toBe('');
    expect(frames).toBeGreaterThan(15);
    expect(await firstTone(url)).toBe(440);
    const snapshot = await api.must<Snapshot>('POST', `/api/v1/cameras/${camera.id}/snapshots`);
    expect(snapshot).toMatchObject({ width: 640, height: 480 });
    const check = await api.must<CameraCheck>('POST', `/api/v1/cameras/${camera.id}/check`);
    expect(check).toMatchObject({
      ok: true,
      main: { codec: 'mjpeg', audio: 'pcmu', width: 640, height: 480 },
    });
    expect(check.advice.map(({ code }) => code)).toEqual(['mjpeg', 'sound-converted', 'no-sub-stream']);
    const health = await api.get<CameraHealth>(`/api/v1/cameras/${camera.id}/health`);
    expect(health.reasons.map(({ code }) => code)).not.toContain('unsupported-codec');
  });
});

describe.concurrent('a camera without a sub stream', () => {
  it('has a low rendition: small, and below 500 kbit/s', async () => {
    const camera = await register('h264');
    const list = await (await api.fetch(`/live/${camera.id}/index.m3u8`)).text();
    expect(list).toMatch(/RESOLUTION=640x360.*\nlow\/stream\.m3u8/);
    const socket = await takeMedia(`${api.url}/live/${camera.id}/low/ws`, 4000);
    expect(socket.hello).toContain('avc1.4d40');
    expect(socket.kbps).toBeLessThan(500);
    expect(socket.kbps).toBeGreaterThan(20);
  });
});

/** What a live socket gives in so many milliseconds after its first media. */
async function takeMedia(url: string, forMs: number): Promise<{ hello: string; kbps: number }> {
  const socket = new WebSocket(url.replace(/^http/, 'ws'), { headers: { cookie: api.cookie } });
  socket.binaryType = 'arraybuffer';
  const taken = Promise.withResolvers<{ hello: string; kbps: number }>();
  let [hello, bytes, messages] = ['', 0, 0];
  socket.addEventListener('message', ({ data }) => {
    if (typeof data === 'string') {
      hello ||= data;
      return;
    }
    // Behind the init segment and the first key frame comes what is measured.
    messages += 1;
    if (messages > 2) bytes += (data as ArrayBuffer).byteLength;
    if (messages === 2) setTimeout(() => taken.resolve({ hello, kbps: (bytes * 8) / forMs }), forMs);
  });
  socket.addEventListener('close', ({ reason }) => taken.reject(new Error(reason)));
  const media = await taken.promise;
  socket.close();
  return media;
}

describe('converted sound', () => {
  it('is in step with the picture: a beep within 100 ms of its flash', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gantry-flash-'));
    const file = join(folder, 'flash.mkv');
    await makeFlashAndBeep(file, 40);
    const launch = `( filesrc location=${file} ! matroskademux name=d d. ! queue ! h264parse ! rtph264pay name=pay0 pt=96 d. ! queue ! rtppcmupay name=pay1 pt=0 )`;
    const camera = await registerLaunch('flash', launch);
    const url = `${api.url}/live/${camera.id}/main/stream.m3u8`;
    // Sound is placed by its arrival until the camera's sender reports have come: the last beeps are looked at.
    const apartMs = (await beepsAfterFlashes(url, api.cookie, 8)).slice(-4);
    await rm(folder, { recursive: true, force: true });
    expect(apartMs).toHaveLength(4);
    for (const ms of apartMs) expect(Math.abs(ms)).toBeLessThan(100);
  });
});

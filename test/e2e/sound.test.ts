import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Camera } from '../../gateway/contract/camera.ts';
import type { Snapshot } from '../../gateway/contract/snapshot.ts';
import { ApiClient } from '../support/api-client.ts';
import { beepsAfterFlashes, makeFlashAndBeep } from '../support/flash-and-beep.ts';
import { GatewayProcess } from '../support/gateway-process.ts';
import { GstRtspCamera, gstPictures } from '../support/gst-rtsp-camera.ts';
import { decodeFor, probeStreams } from '../support/probe-live.ts';
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

describe('a camera of GStreamer whose sound is', () => {
  it.each([
    ['G.711 µ-law', 'h264WithPcmu', 440],
    ['G.711 A-law', 'h264WithPcma', 660],
    ['G.726', 'h264WithG726', 550],
    ['L16', 'h264WithL16', 1000],
    ['Opus', 'h264WithOpus', 880],
  ] as const)('%s plays as AAC with the tone that was sent', async (_name, picture, hz) => {
    const camera = await register(picture);
    const list = await (await api.fetch(`/live/${camera.id}/index.m3u8`)).text();
    expect(list).toMatch(/CODECS="avc1\.[0-9a-f]{6},mp4a\.40\.2"/);
    const url = `${api.url}/live/${camera.id}/main/stream.m3u8`;
    const streams = await probeStreams(url, api.cookie);
    expect(streams.map(({ codec_name }) => codec_name).toSorted()).toEqual(['aac', 'h264']);
    const tone = await strongestTone(url, api.cookie, 4);
    expect(tone.hz).toBe(hz);
    expect(tone.share).toBeGreaterThan(0.8);
  });
});

describe('an MJPEG camera of GStreamer', () => {
  it('plays as H.264, is listed as that alone, and gives snapshots', async () => {
    const camera = await register('mjpeg');
    const list = await (await api.fetch(`/live/${camera.id}/index.m3u8`)).text();
    expect(list).toMatch(/CODECS="avc1\.4d40[0-9a-f]{2}",RESOLUTION=960x544.*\nh264\/stream\.m3u8/);
    expect(list).not.toContain('main/stream.m3u8');
    const url = `${api.url}/live/${camera.id}/h264/stream.m3u8`;
    const [video] = await probeStreams(url, api.cookie);
    expect(video).toMatchObject({ codec_name: 'h264', width: 960, height: 544 });
    const { frames, complaints } = await decodeFor(url, api.cookie, 4);
    expect(complaints).toBe('');
    expect(frames).toBeGreaterThan(35);
    const snapshot = await api.must<Snapshot>('POST', `/api/v1/cameras/${camera.id}/snapshots`);
    expect(snapshot).toMatchObject({ width: 960, height: 544 });
  });
});

describe('converted sound', () => {
  it('is in step with the picture: a beep within 100 ms of its flash', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gantry-flash-'));
    const file = join(folder, 'flash.mkv');
    await makeFlashAndBeep(file, 40);
    const launch = `( filesrc location=${file} ! matroskademux name=d d. ! queue ! h264parse ! rtph264pay name=pay0 pt=96 d. ! queue ! rtppcmupay name=pay1 pt=0 )`;
    const camera = await registerLaunch('flash', launch);
    const url = `${api.url}/live/${camera.id}/main/stream.m3u8`;
    const apartMs = await beepsAfterFlashes(url, api.cookie, 6);
    console.log(apartMs);
    await rm(folder, { recursive: true, force: true });
    expect(apartMs.length).toBeGreaterThanOrEqual(3);
    for (const ms of apartMs) expect(Math.abs(ms)).toBeLessThan(100);
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Camera } from '../../gateway/contract/camera.ts';
import type { CameraHealth } from '../../gateway/contract/health.ts';
import type { Snapshot } from '../../gateway/contract/snapshot.ts';
import { ApiClient, eventually } from '../support/api-client.ts';
import { GatewayProcess } from '../support/gateway-process.ts';
import { GstRtspCamera, gstPictures } from '../support/gst-rtsp-camera.ts';
import { decodeFor, probeStreams, ratio } from '../support/probe-live.ts';

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
  projectId = (await api.must<{ id: string }>('POST', '/api/v1/projects', { name: 'GStreamer' })).id;
}, 60_000);

afterAll(async () => {
  await gateway.remove();
  for (const server of servers) await server.stop();
});

async function register(launch: string, auth: 'digest' | 'basic', password = 'gst-pass'): Promise<Camera> {
  const server = await GstRtspCamera.start(launch, { auth });
  servers.push(server);
  return api.must<Camera>('POST', '/api/v1/cameras', {
    name: 'GStreamer',
    projectId,
    rtsp: { main: server.url, username: 'viewer', password },
  });
}

describe('a server that no one here wrote', () => {
  it.each([
    ['h264', 'digest', { codec_name: 'h264', width: 1280, height: 720 }, 25, false],
    ['h264WithBFrames', 'digest', { codec_name: 'h264', width: 640, height: 480 }, 15, false],
    ['h265', 'digest', { codec_name: 'hevc', width: 640, height: 360 }, 20, false],
    ['h264WithAac', 'digest', { codec_name: 'h264', width: 960, height: 540 }, 25, true],
    ['h264', 'basic', { codec_name: 'h264', width: 1280, height: 720 }, 25, false],
  ] as const)('plays %s behind %s sign-in', async (picture, auth, wanted, fps, hasSound) => {
    const camera = await register(gstPictures[picture], auth);
    const streams = await probeStreams(`${api.url}/live/${camera.id}/index.m3u8`, api.cookie);
    const video = streams.find(({ codec_type }) => codec_type === 'video');
    expect(video).toMatchObject(wanted);
    expect(ratio(video?.avg_frame_rate)).toBeCloseTo(fps, 0);
    expect(streams.some(({ codec_name }) => codec_name === 'aac')).toBe(hasSound);
    const { frames, complaints } = await decodeFor(
      `${api.url}/live/${camera.id}/main/stream.m3u8`,
      api.cookie,
      5,
    );
    expect(complaints).toBe('');
    expect(frames).toBeGreaterThan(5 * (fps - 1));
    const snapshot = await api.must<Snapshot>('POST', `/api/v1/cameras/${camera.id}/snapshots`);
    expect(snapshot).toMatchObject({ width: wanted.width, height: wanted.height });
  });

  it('refusing the password turns the camera red, is asked once, and says so', async () => {
    const camera = await register(gstPictures.h264, 'digest', 'wrong');
    const health = await eventually('a red light', 40_000, async () => {
      const now = await api.get<CameraHealth>(`/api/v1/cameras/${camera.id}/health`);
      return now.light === 'red' ? now : undefined;
    });
    expect(health.reasons.map(({ code }) => code)).toContain('auth-failed');
    const live = await api.call<{ code: string }>('GET', `/live/${camera.id}/index.m3u8`);
    expect(live.status).toBe(503);
    expect(live.body).toMatchObject({ code: 'camera-offline' });
    expect(live.headers.get('retry-after')).not.toBeNull();
  });

  it('that goes away turns the camera red as unreachable, and green when it is back', async () => {
    const server = await GstRtspCamera.start(gstPictures.h264, { auth: 'digest' });
    const camera = await api.must<Camera>('POST', '/api/v1/cameras', {
      name: 'goes away',
      projectId,
      rtsp: { main: server.url, username: 'viewer', password: 'gst-pass' },
    });
    const lightIs = (light: string) =>
      eventually(light, 60_000, async () => {
        const now = await api.get<CameraHealth>(`/api/v1/cameras/${camera.id}/health`);
        return now.light === light ? now : undefined;
      });
    const probe = api.call('GET', `/live/${camera.id}/index.m3u8`);
    await lightIs('green');
    await probe;
    await server.stop();
    const keepWatching = setInterval(
      () => void api.call('GET', `/live/${camera.id}/main/stream.m3u8`).catch(() => undefined),
      1000,
    );
    try {
      const red = await lightIs('red');
      expect(red.reasons.map(({ code }) => code)).toContain('unreachable');
      const back = await GstRtspCamera.start(gstPictures.h264, { auth: 'digest', port: server.port });
      servers.push(back);
      const green = await lightIs('green');
      expect(green.reasons).toEqual([]);
    } finally {
      clearInterval(keepWatching);
    }
  });
});

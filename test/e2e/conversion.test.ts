import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Camera } from '../../gateway/contract/camera.ts';
import type { DiscoveryJob } from '../../gateway/contract/discovery.ts';
import { ApiClient, eventually } from '../support/api-client.ts';
import { GatewayProcess } from '../support/gateway-process.ts';
import { decodeFor, probeStreams, ratio } from '../support/probe-live.ts';

let gateway: GatewayProcess;
let api: ApiClient;
/** Demo camera 1 twice, the second time by its RTSP address: two cameras to the gateway, both H.265. */
let camera: Camera;
let twin: Camera;

beforeAll(async () => {
  gateway = await GatewayProcess.start({
    http: { port: 0 },
    mqtt: { embedded: { port: 0 } },
    demo: { cameras: 2, basePort: 0 },
    discovery: { interfaces: ['lo'] },
    ingest: { idleTimeoutSec: 2 },
    transcode: { maxConcurrent: 1 },
  });
  api = new ApiClient(gateway.url);
  await api.signIn('admin', gateway.adminPassword);
  const { id: projectId } = await api.must<{ id: string }>('POST', '/api/v1/projects', { name: '南岸大桥' });
  const xaddr = await addressOfH265();
  const login = { username: 'admin', password: 'gantry-demo' };
  camera = await api.must('POST', '/api/v1/cameras', { name: '引桥', projectId, onvif: { xaddr, ...login } });
  const { main } = camera.rtsp;
  twin = await api.must('POST', '/api/v1/cameras', { name: '引桥二', projectId, rtsp: { main, ...login } });
}, 300_000);

afterAll(async () => {
  await gateway.remove();
});

async function addressOfH265(): Promise<string> {
  const credentials = [{ username: 'admin', password: 'gantry-demo' }];
  const { id } = await api.must<{ id: string }>('POST', '/api/v1/discovery', {
    method: 'multicast',
    credentials,
  });
  const job = await eventually('the search', 30_000, async () => {
    const now = await api.get<DiscoveryJob>(`/api/v1/discovery/${id}`);
    return now.state === 'running' ? undefined : now;
  });
  const device = job.devices.find(({ profiles }) => profiles.some(({ codec }) => codec === 'h265'));
  if (!device) throw new Error('the demo site has no H.265 camera');
  return device.xaddr;
}

/** FFmpeg processes that the gateway has started and that convert. */
function converters(): number[] {
  const isOurs = (name: string): boolean => {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'latin1');
      const [, state, parent] = /\(ffmpeg\) (\S) (\d+)/.exec(stat) ?? [];
      const converts = readFileSync(`/proc/${name}/cmdline`, 'latin1').includes('libx264');
      return Number(parent) === gateway.pid && state !== 'Z' && converts;
    } catch {
      return false;
    }
  };
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && isOurs(name))
    .map(Number);
}

/** Media of a live socket as it comes in. */
function watchSocket(cameraId: string): { hellos: string[]; media: () => number; close: () => void } {
  const url = `${api.url.replace(/^http/, 'ws')}/live/${cameraId}/h264/ws`;
  const options = { headers: { cookie: api.cookie } };
  const socket = new WebSocket(url, options);
  socket.binaryType = 'arraybuffer';
  const hellos: string[] = [];
  let media = 0;
  socket.addEventListener('message', ({ data }) => {
    if (typeof data === 'string') hellos.push(data);
    else media += 1;
  });
  return { hellos, media: () => media, close: () => socket.close() };
}

describe('an H.265 camera for browsers that cannot play it', () => {
  it('is listed as H.264 beside its own streams, without a conversion for the list alone', async () => {
    const text = await (await api.fetch(`/live/${camera.id}/index.m3u8`)).text();
    expect(text).toMatch(/CODECS="avc1\.4d4028",RESOLUTION=1920x1080,FRAME-RATE=25\.000\nh264\/stream\.m3u8/);
    expect(text.match(/stream\.m3u8/g)).toHaveLength(3);
    expect(converters()).toEqual([]);
  });

  it('is H.264 of the same size and frame rate to ffprobe, and decodes without complaint', async () => {
    const url = `${api.url}/live/${camera.id}/h264/stream.m3u8`;
    const video = (await probeStreams(url, api.cookie)).find(({ codec_type }) => codec_type === 'video');
    expect(video).toMatchObject({ codec_name: 'h264', width: 1920, height: 1080 });
    expect(ratio(video?.avg_frame_rate)).toBeCloseTo(25, 0);
    const { frames, complaints } = await decodeFor(url, api.cookie, 4);
    expect(complaints).toBe('');
    expect(frames).toBeGreaterThan(90);
  });

  it('bears the time of capture, close to now', async () => {
    const text = await (await api.fetch(`/live/${camera.id}/h264/stream.m3u8`)).text();
    const times = [...text.matchAll(/PROGRAM-DATE-TIME:(\S+)/g)].map(([, time = '']) => Date.parse(time));
    const ageSec = (Date.now() - (times.at(-1) ?? 0)) / 1000;
    expect(ageSec).toBeGreaterThan(0);
    expect(ageSec).toBeLessThan(6);
  });

  it('has one FFmpeg for all viewers, and goes on in a new run when that is killed', async () => {
    const viewers = [watchSocket(camera.id), watchSocket(camera.id)];
    try {
      await eventually('pictures for both', 20_000, () =>
        Promise.resolve(viewers.every(({ media }) => media() > 10) ? true : undefined),
      );
      const [pid, ...others] = converters();
      expect(others).toEqual([]);
      process.kill(pid ?? 0, 'SIGKILL');
      await eventually('a new run for both', 20_000, () =>
        Promise.resolve(viewers.every(({ hellos }) => hellos.length === 2) ? true : undefined),
      );
      const before = viewers.map(({ media }) => media());
      await eventually('moving pictures', 10_000, () =>
        Promise.resolve(
          viewers.every(({ media }, index) => media() > (before[index] ?? 0) + 30) ? true : undefined,
        ),
      );
      expect(converters()).toHaveLength(1);
      expect(converters()).not.toContain(pid);
      const text = await (await api.fetch(`/live/${camera.id}/h264/stream.m3u8`)).text();
      expect(text).toContain('#EXT-X-DISCONTINUITY\n');
    } finally {
      for (const { close } of viewers) close();
    }
  });

  it('is refused plainly past the limit, with the time to ask again', async () => {
    const viewer = watchSocket(camera.id);
    try {
      await eventually('a picture', 20_000, () => Promise.resolve(viewer.media() > 2 ? true : undefined));
      const reply = await api.call<{ code: string; detail: string }>(
        'GET',
        `/live/${twin.id}/h264/stream.m3u8`,
      );
      expect(reply.status).toBe(503);
      expect(reply.headers.get('content-type')).toContain('application/problem+json');
      expect(Number(reply.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(reply.body).toMatchObject({ code: 'transcoder-busy' });
      expect(reply.body.detail).toContain('transcode.maxConcurrent');
      expect((await api.fetch(`/live/${twin.id}/main/stream.m3u8`)).status).toBe(200);
    } finally {
      viewer.close();
    }
  });

  it('leaves no FFmpeg when nobody watches any longer', async () => {
    await eventually('no FFmpeg', 60_000, () =>
      Promise.resolve(converters().length === 0 ? true : undefined),
    );
  });
});

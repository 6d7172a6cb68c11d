import { spawn } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Camera, CameraCheck } from '../../gateway/contract/camera.ts';
import type { DiscoveryJob } from '../../gateway/contract/discovery.ts';
import type { CameraHealth, GatewayStatus } from '../../gateway/contract/health.ts';
import type { Snapshot } from '../../gateway/contract/snapshot.ts';
import { ApiClient, eventually } from '../support/api-client.ts';
import { GatewayProcess, freePort } from '../support/gateway-process.ts';
import { decodeFor, probeStreams, ratio } from '../support/probe-live.ts';

let gateway: GatewayProcess;
let api: ApiClient;
let mqttPort: number;
let cameras: Camera[] = [];

beforeAll(async () => {
  mqttPort = await freePort();
  gateway = await GatewayProcess.start({
    http: { port: 0 },
    mqtt: { embedded: { port: mqttPort } },
    demo: { cameras: 4, basePort: 0 },
    discovery: { interfaces: ['lo'] },
    ingest: { idleTimeoutSec: 3 },
  });
  api = new ApiClient(gateway.url);
  await api.signIn('admin', gateway.adminPassword);
}, 300_000);

afterAll(async () => {
  await gateway.remove();
});

async function discover(): Promise<DiscoveryJob> {
  const credentials = [{ username: 'admin', password: 'gantry-demo' }];
  const { id } = await api.must<{ id: string }>('POST', '/api/v1/discovery', {
    method: 'multicast',
    credentials,
  });
  return eventually('the search', 30_000, async () => {
    const job = await api.get<DiscoveryJob>(`/api/v1/discovery/${id}`);
    return job.state === 'running' ? undefined : job;
  });
}

/** Topics that Debian's mosquitto_sub sees until `wanted` is there or the time is over. */
function subscribe(port: number, topic: string): { messages: Map<string, string>; stop: () => void } {
  const messages = new Map<string, string>();
  const child = spawn('mosquitto_sub', [
    '-h',
    '127.0.0.1',
    '-p',
    String(port),
    '-V',
    '311',
    '-q',
    '1',
    '-t',
    topic,
    '-v',
  ]);
  child.stdout.on('data', (chunk: Buffer) => {
    for (const line of chunk.toString().split('\n')) {
      const space = line.indexOf(' ');
      if (space > 0) messages.set(line.slice(0, space), line.slice(space + 1));
    }
  });
  return { messages, stop: () => child.kill() };
}

describe('from an empty gateway to moving pictures', () => {
  it('finds the four demo cameras by multicast, with make, size and frame rate', async () => {
    const job = await discover();
    expect(job.error).toBeNull();
    expect(job.devices).toHaveLength(4);
    for (const device of job.devices) {
      expect(device).toMatchObject({ auth: 'ok', registeredCameraId: null, error: null });
      expect(device.vendor).toBeTruthy();
      expect(device.profiles.length).toBeGreaterThanOrEqual(2);
    }
    expect(new Set(job.devices.map(({ endpointId }) => endpointId)).size).toBe(4);
  });

  it('registers them over the API and never gives a password back', async () => {
    const project = await api.must<{ id: string }>('POST', '/api/v1/projects', {
      name: '市人民医院东院区',
      district: '滨江区',
    });
    const { devices } = await discover();
    for (const [index, device] of devices.entries()) {
      const camera = await api.must<Camera>('POST', '/api/v1/cameras', {
        name: `机位 ${index + 1}`,
        projectId: project.id,
        position: device.name ?? '',
        onvif: { xaddr: device.xaddr, username: 'admin', password: 'gantry-demo' },
      });
      expect(JSON.stringify(camera)).not.toContain('gantry-demo');
      expect(camera.onvif?.hasPassword).toBe(true);
    }
    cameras = (await api.get<{ items: Camera[] }>('/api/v1/cameras')).items;
    expect(cameras).toHaveLength(4);
    expect(cameras.map(({ main }) => main?.codec).sort()).toEqual(['h264', 'h264', 'h264', 'h265']);
    const again = await discover();
    expect(again.devices.map(({ registeredCameraId }) => registeredCameraId).sort()).toEqual(
      cameras.map(({ id }) => id).sort(),
    );
  });

  it('plays each of them: ffprobe sees codec, size and frame rate of the camera', async () => {
    for (const camera of cameras) {
      const streams = await probeStreams(`${api.url}/live/${camera.id}/index.m3u8`, api.cookie);
      const video = streams.filter(({ codec_type }) => codec_type === 'video');
      const wanted = camera.main;
      const main = video.find(({ width, height }) => width === wanted?.width && height === wanted?.height);
      expect(main?.codec_name, camera.name).toBe(wanted?.codec === 'h265' ? 'hevc' : 'h264');
      expect(ratio(main?.avg_frame_rate), camera.name).toBeCloseTo(wanted?.fps ?? 0, 0);
      expect(video.length, camera.name).toBeGreaterThanOrEqual(2);
    }
  });

  it('has sound where the camera has it', async () => {
    const all = await Promise.all(
      cameras.map(({ id }) => probeStreams(`${api.url}/live/${id}/main/stream.m3u8`, api.cookie)),
    );
    const withSound = all.filter((streams) => streams.some(({ codec_name }) => codec_name === 'aac'));
    expect(withSound).toHaveLength(1);
  });

  it('decodes ten seconds without a complaint, at the speed of the camera', async () => {
    const [camera] = cameras;
    const { frames, complaints } = await decodeFor(
      `${api.url}/live/${camera?.id}/main/stream.m3u8`,
      api.cookie,
      10,
    );
    expect(complaints).toBe('');
    expect(frames).toBeGreaterThan(10 * ((camera?.main?.fps ?? 25) - 1));
  });

  it('takes a picture on request and gives it in every size', async () => {
    const [camera] = cameras;
    const snapshot = await api.must<Snapshot>('POST', `/api/v1/cameras/${camera?.id}/snapshots`);
    expect(snapshot).toMatchObject({
      width: camera?.main?.width,
      height: camera?.main?.height,
      source: 'keyframe',
    });
    const full = await api.fetch(`/api/v1/snapshots/${snapshot.id}/image?size=full&watermark=0`);
    expect((await full.arrayBuffer()).byteLength).toBe(snapshot.bytes);
    const thumb = await api.fetch(`/api/v1/snapshots/${snapshot.id}/image?size=thumb&format=webp`);
    expect(thumb.headers.get('content-type')).toBe('image/webp');
    expect((await thumb.arrayBuffer()).byteLength).toBeLessThan(16_000);
    const poster = await api.fetch(`/live/${camera?.id}/poster.jpg`);
    expect(Number(poster.headers.get('x-picture-age'))).toBeLessThan(60);
    const verdict = await api.get<{ ok: boolean; checked: number }>(
      `/api/v1/cameras/${camera?.id}/snapshots/verify`,
    );
    expect(verdict).toMatchObject({ ok: true });
  });

  it('checks a camera step by step', async () => {
    const [camera] = cameras;
    const check = await api.must<{ ok: boolean; steps: { name: string; ok: boolean }[] }>(
      'POST',
      `/api/v1/cameras/${camera?.id}/check`,
    );
    expect(check.steps.map(({ name }) => name)).toEqual([
      'network',
      'onvif',
      'auth',
      'rtsp',
      'firstFrame',
      'decode',
    ]);
    expect(check.ok).toBe(true);
  });

  it('checks a camera that nobody has registered, and keeps nothing of it', async () => {
    const [camera] = cameras;
    const check = (password: string) =>
      api.must<CameraCheck>('POST', '/api/v1/camera-checks', {
        onvif: { xaddr: camera?.onvif?.xaddr, username: 'admin', password },
      });
    const well = await check('gantry-demo');
    expect(well).toMatchObject({ ok: true, main: { codec: 'h264', width: 1920 } });
    expect(Math.abs(well.clockDriftSec ?? 99)).toBeLessThan(5);
    expect(await check('wrong')).toMatchObject({ ok: false, steps: [{ name: 'auth', ok: false }] });
    const { items } = await api.get<{ items: Camera[] }>('/api/v1/cameras');
    expect(items).toHaveLength(cameras.length);
  });
});

describe('the tracker’s side', () => {
  it('sees status and the health of every camera turn green, retained', async () => {
    const { messages, stop } = subscribe(mqttPort, 'gantry/gantry-1/#');
    try {
      await eventually('four green cameras', 60_000, async () => {
        const health = [...messages].filter(
          ([topic]) => topic.endsWith('/health') && topic.includes('/cameras/'),
        );
        const lights = health.map(([, text]) => (JSON.parse(text) as CameraHealth).light);
        return lights.length === 4 && lights.every((light) => light === 'green') ? true : undefined;
      });
      const status = JSON.parse(messages.get('gantry/gantry-1/status') ?? '{}') as GatewayStatus;
      expect(status).toMatchObject({ schema: 1, state: 'online', session: 1 });
    } finally {
      stop();
    }
  });

  it('sees the last will after kill -9, and a higher session after the restart', async () => {
    const { messages, stop } = subscribe(mqttPort, 'gantry/gantry-1/status');
    try {
      await eventually('online', 10_000, async () => (messages.size > 0 ? true : undefined));
      await gateway.end('SIGKILL');
      const will = await eventually('the will', 15_000, async () => {
        const status = JSON.parse(messages.get('gantry/gantry-1/status') ?? '{}') as GatewayStatus;
        return status.state === 'offline' ? status : undefined;
      });
      expect(will).toMatchObject({ schema: 1, session: 1 });
    } finally {
      stop();
    }
    await gateway.restart();
    const after = subscribe(mqttPort, 'gantry/gantry-1/status');
    try {
      const status = await eventually('online again', 30_000, async () => {
        const text = after.messages.get('gantry/gantry-1/status');
        return text === undefined ? undefined : (JSON.parse(text) as GatewayStatus);
      });
      expect(status).toMatchObject({ state: 'online', session: 2 });
    } finally {
      after.stop();
    }
    expect(gateway.log).not.toContain('gantry-demo');
  });
});

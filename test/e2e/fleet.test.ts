import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { Camera, CameraCheck } from '../../gateway/contract/camera.ts';
import type { ClockSet, PtzState } from '../../gateway/contract/camera-control.ts';
import type { ImportResult } from '../../gateway/contract/camera-import.ts';
import type { CredentialSet } from '../../gateway/contract/credential-set.ts';
import type { DiscoveryJob } from '../../gateway/contract/discovery.ts';
import type { LiveEvent } from '../../gateway/contract/events.ts';
import type { Incident } from '../../gateway/contract/incident.ts';
import type { ChannelTest } from '../../gateway/contract/notification.ts';
import { ApiClient, eventually } from '../support/api-client.ts';
import { GatewayProcess } from '../support/gateway-process.ts';
import { RobotReceiver } from '../support/robot-receiver.ts';
import { startSite, stopSite } from '../unit/demo-site/running-site.ts';
import type { RunningSite } from '../unit/demo-site/running-site.ts';

/** Every fourth demo camera is of one make; a site has thirty. */
const COUNT = process.env['GANTRY_SOAK'] ? 30 : 4;
/** What must be found nowhere: not in logs, replies or files. */
const CANARY = 'gantry-demo';
/** How the first three differ from plain ones. */
const account = ['--username', 'admin', '--password', CANARY, '--variants', 'ptz,ahead,tls'];
const cache = join(import.meta.dirname, '../../.cache/demo-site-fast');

let site: RunningSite;
let gateway: GatewayProcess;
let api: ApiClient;
let projectId: string;
const replies: string[] = [];

async function must<Body>(method: string, path: string, body?: unknown): Promise<Body> {
  const reply = await api.must<Body>(method, path, body);
  replies.push(JSON.stringify(reply));
  return reply;
}

beforeAll(async () => {
  site = await startSite(cache, COUNT, account);
  gateway = await GatewayProcess.start({
    http: { port: 0 },
    mqtt: { embedded: { port: 0 } },
    discovery: { interfaces: ['lo'] },
    snapshots: { timeZone: 'Asia/Shanghai' },
    log: { level: 'debug' },
  });
  api = new ApiClient(gateway.url);
  await api.signIn('admin', gateway.adminPassword);
  projectId = (await must<{ id: string }>('POST', '/api/v1/projects', { name: '医院' })).id;
}, 600_000);

afterAll(async () => {
  await gateway.remove();
  await stopSite(site);
});

describe('a named sign-in', () => {
  it('opens devices in a search, registers them all at once, and is told to nobody', async () => {
    const body = { name: '海康', username: 'admin', password: CANARY };
    const set = await must<CredentialSet>('POST', '/api/v1/credential-sets', body);
    expect(set).toMatchObject({ name: '海康', username: 'admin', hasPassword: true });
    const hosts = site.cameras.map(({ xaddr }) => xaddr);
    const search = { method: 'host', hosts, credentialSetIds: [set.id] };
    const { id } = await must<{ id: string }>('POST', '/api/v1/discovery', search);
    const job = await eventually('the search', 30_000, async () => {
      const told = await must<DiscoveryJob>('GET', `/api/v1/discovery/${id}`);
      return told.state === 'running' ? undefined : told;
    });
    expect(job.devices.map(({ auth, credentialSetId }) => [auth, credentialSetId])).toEqual(
      hosts.map(() => ['ok', set.id]),
    );
    const startedMs = performance.now();
    await Promise.all(
      job.devices.map(({ xaddr, name }, index) =>
        must<Camera>('POST', '/api/v1/cameras', {
          name: `${name ?? 'camera'} ${index}`,
          projectId,
          onvif: { xaddr, credentialSetId: set.id },
        }),
      ),
    );
    const tookMs = performance.now() - startedMs;
    console.log(`${COUNT} cameras were registered in ${Math.round(tookMs)} ms`);
    expect(tookMs).toBeLessThan(15_000);
    await must('DELETE', `/api/v1/credential-sets/${set.id}`);
    const { items } = await must<{ items: Camera[] }>('GET', '/api/v1/cameras');
    expect(items).toHaveLength(COUNT);
    expect(items.every(({ onvif }) => onvif?.hasPassword && onvif.endpointId !== null)).toBe(true);
  });

  it('does not register one device twice, however many ask at once', async () => {
    const { items } = await must<{ items: Camera[] }>('GET', '/api/v1/cameras');
    const [first] = items;
    await api.must('DELETE', `/api/v1/cameras/${first?.id}`);
    const onvif = { xaddr: first?.onvif?.xaddr, username: 'admin', password: CANARY };
    const body = { name: first?.name, projectId, onvif };
    const tries = await Promise.all(
      Array.from({ length: 4 }, () => api.call('POST', '/api/v1/cameras', body)),
    );
    expect(tries.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
  });
});

describe('a check', () => {
  it('goes through every step over the one connection, and advises on what it saw', async () => {
    const { items } = await must<{ items: Camera[] }>('GET', '/api/v1/cameras');
    const camera = items.find(({ main }) => main?.codec === 'h265');
    const check = await must<CameraCheck>('POST', `/api/v1/cameras/${camera?.id}/check`);
    expect(check.steps.map(({ name, ok }) => `${name} ${ok}`)).toEqual(
      ['network', 'onvif', 'auth', 'rtsp', 'firstFrame', 'decode'].map((name) => `${name} true`),
    );
    expect(check.ok).toBe(true);
    expect(check.main?.bitrateKbps).toBeGreaterThan(0);
    expect(check.advice.map(({ code }) => code)).toContain('h265');
  });
});

describe('a camera with motors, a clock that is off, and TLS', () => {
  it('is turned, set right, and known by its certificate', async () => {
    const { items } = await must<{ items: Camera[] }>('GET', '/api/v1/cameras');
    const at = (index: number): Camera | undefined =>
      items.find(({ onvif }) => onvif?.endpointId === site.cameras[index]?.endpointId);
    const [turned, off, secured] = [at(0), at(1), at(2)];
    const ptz = await must<PtzState>('GET', `/api/v1/cameras/${turned?.id}/ptz`);
    expect(ptz.supported).toBe(true);
    await must('POST', `/api/v1/cameras/${turned?.id}/ptz`, { pan: 0.5, ms: 200 });
    const still = await api.call('POST', `/api/v1/cameras/${off?.id}/ptz`, { pan: 0.5, ms: 200 });
    expect(still).toMatchObject({ status: 422, body: { code: 'camera-unsupported' } });
    const before = await must<CameraCheck>('POST', `/api/v1/cameras/${off?.id}/check`);
    expect(before.advice.map(({ action }) => action)).toContain('set-clock');
    const { clockDriftSec } = await must<ClockSet>('POST', `/api/v1/cameras/${off?.id}/clock`);
    expect(Math.abs(clockDriftSec ?? 99)).toBeLessThan(5);
    expect(secured?.onvif?.xaddr).toMatch(/^https:/);
    expect(secured?.onvif?.certificate).toMatchObject({ changedTo: null });
  });
});

describe('a roster', () => {
  it('brings cameras that are read in the background and come to show their picture', async () => {
    const { items } = await must<{ items: Camera[] }>('GET', '/api/v1/cameras');
    const [camera] = items;
    await api.must('DELETE', `/api/v1/cameras/${camera?.id}`);
    const csv =
      '名称,项目,ONVIF 地址,用户名,密码\n' +
      `导入的,医院,${new URL(camera?.onvif?.xaddr ?? '').host},admin,${CANARY}\n` +
      '不在的,医院,127.0.0.1:9,admin,x\n';
    const reply = await api.fetch('/api/v1/cameras/import', {
      method: 'POST',
      headers: { 'content-type': 'text/csv' },
      body: csv,
    });
    const result = (await reply.json()) as ImportResult;
    expect(result).toMatchObject({ created: 2, failed: 0 });
    const [good, bad] = result.rows.map(({ cameraId }) => cameraId);
    const read = await eventually('the imported camera', 30_000, async () => {
      const told = await must<Camera>('GET', `/api/v1/cameras/${good}`);
      return told.light === 'green' ? told : undefined;
    });
    expect(read).toMatchObject({ onvif: { pending: false, endpointId: camera?.onvif?.endpointId } });
    expect(read.rtsp.main).toMatch(/^rtsp:/);
    const lost = await eventually('the camera that is not there', 30_000, async () => {
      const told = await must<Camera>('GET', `/api/v1/cameras/${bad}`);
      return told.light === 'red' ? told : undefined;
    });
    expect(lost.reasons[0]?.code).toBe('unreachable');
    await must<CameraCheck>('POST', `/api/v1/cameras/${bad}/check`);
    await api.must('DELETE', `/api/v1/cameras/${bad}`);
  });
});

describe('cameras that get new addresses', () => {
  it('are followed by themselves', async () => {
    const before = (await must<{ items: Camera[] }>('GET', '/api/v1/cameras')).items;
    expect(before).toHaveLength(COUNT);
    const moves: LiveEvent[] = [];
    const socket = new WebSocket(`${gateway.url.replace('http', 'ws')}/api/v1/events`, {
      headers: { cookie: api.cookie, origin: gateway.url },
    });
    socket.on('message', (data: Buffer) => {
      const event = JSON.parse(data.toString()) as LiveEvent;
      if (event.type === 'job' && event.data['kind'] === 'camera-moved') moves.push(event);
    });
    await new Promise((resolve) => socket.once('open', resolve));
    await stopSite(site);
    // The same devices, at other ports: as a router that deals out addresses anew.
    site = await startSite(cache, COUNT, account);
    const after = await eventually('all cameras', 60_000, async () => {
      const { items } = await must<{ items: Camera[] }>('GET', '/api/v1/cameras');
      return items.every(({ onvif }) => onvif?.moved !== null) ? items : undefined;
    });
    expect(new Set(after.map(({ onvif }) => onvif?.xaddr))).toEqual(
      new Set(site.cameras.map(({ xaddr }) => xaddr)),
    );
    expect(after.map(({ id }) => id)).toEqual(before.map(({ id }) => id));
    expect(moves).toHaveLength(COUNT);
    expect(gateway.log).toContain('has a new address and was followed');
    await eventually('a picture from the new address', 30_000, async () => {
      const told = await must<Camera>('GET', `/api/v1/cameras/${after[0]?.id}`);
      return told.light === 'green' ? told : undefined;
    });
    socket.terminate();
  }, 120_000);
});

describe('a robot of a group', () => {
  it('takes a signed message, and a step that is late is an incident at once', async () => {
    const robot = await new RobotReceiver('dingtalk', { secret: CANARY }).start();
    const body = { name: '值班群', kind: 'dingtalk', url: `${robot.url}&of=${CANARY}`, secret: CANARY };
    const channel = await must<{ id: string }>('POST', '/api/v1/notification-channels', body);
    const tested = await must<ChannelTest>('POST', `/api/v1/notification-channels/${channel.id}/test`);
    await robot.stop();
    expect(tested).toMatchObject({ ok: true, code: null });
    expect(robot.texts).toEqual([expect.stringContaining('测试消息')]);
    const milestones = [{ name: '桩基', dueOn: '2020-01-01' }];
    const late = await must<{ id: string }>('POST', '/api/v1/projects', { name: '三桥', milestones });
    const path = `/api/v1/incidents?projectId=${late.id}`;
    const [incident] = await eventually('the incident', 10_000, async () => {
      const { items } = await must<{ items: Incident[] }>('GET', path);
      return items.length > 0 ? items : undefined;
    });
    expect(incident).toMatchObject({ kind: 'step', subjectName: '桩基', light: 'red', state: 'open' });
  });
});

describe('passwords', () => {
  it('stand in no reply, no log and no file', async () => {
    replies.push(JSON.stringify((await api.call('GET', '/api/v1/cameras/export.xlsx')).body));
    expect(replies.join('')).not.toContain(CANARY);
    expect(gateway.log).not.toContain(CANARY);
    const data = join(gateway.folder, 'data');
    const files = (await readdir(data, { recursive: true, withFileTypes: true })).filter((entry) =>
      entry.isFile(),
    );
    expect(files.some(({ name }) => name === 'gantry.db')).toBe(true);
    for (const { parentPath, name } of files)
      expect((await readFile(join(parentPath, name))).includes(CANARY), name).toBe(false);
  });
});
